using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Events;

/// <summary>A cloud that may call this machine, a receiver there, and waits short enough for a test.</summary>
public abstract class EventfulCloud(params string[] settings) : CloudFixture(
    [
        "Outbound:AllowedNetworks:0=127.0.0.1/32", "Devices:TwinSpread=00:00:00", "Events:DeliveryTimeout=00:00:02", "Events:RetryFirst=00:00:00.1",
        "Events:RetryMax=00:00:01", .. settings,
    ])
{
    private readonly OwnCertificate _certificate = new();
    private EventReceiver? _receiver;
    private int _users;

    internal EventReceiver Receiver => _receiver ?? throw new InvalidOperationException("The receiver was not started.");

    internal OwnCertificate Certificate => _certificate;

    public override async ValueTask InitializeAsync()
    {
        _receiver = await EventReceiver.StartAsync(_certificate);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_receiver is not null) await _receiver.DisposeAsync();
        _certificate.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A user whose devices are the test's alone.</summary>
    internal Task<CloudUser> NewUserAsync() => Cloud.AddUserAsync($"user{Interlocked.Increment(ref _users)}");

    private protected override IEnumerable<string> MoreSettings() => [$"Outbound:TrustAnchors:0={_certificate.Path}"];
}

/// <summary>The same on SQLite.</summary>
public sealed class EventfulCloudOnSqlite : EventfulCloud;

/// <summary>Tests of one cloud on SQLite.</summary>
[CollectionDefinition(nameof(EventfulCloudOnSqlite))]
public sealed class EventfulCloudOnSqliteTests : ICollectionFixture<EventfulCloudOnSqlite>;

/// <summary>The same on PostgreSQL.</summary>
public sealed class EventfulCloudOnPostgreSql(PostgreSqlFixture postgreSql) : EventfulCloud
{
    private protected override async Task<TestStore> StoreAsync()
    {
        postgreSql.Require();
        return new TestStore("PostgreSql", await postgreSql.CreateMigratedDatabaseAsync());
    }
}

/// <summary>One that gives up soon.</summary>
public sealed class ImpatientCloud() : EventfulCloud("Events:GiveUpAfter=00:00:02");
