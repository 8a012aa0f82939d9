using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Identity;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Storage.PostgreSql;
using OcfCloud.Storage.Sqlite;
using OcfCloud.Testing;

namespace OcfCloud.CloudLinking.Tests.LinkedAccounts;

/// <summary>A node with linked accounts on a real store, other clouds faked. The time of day moves when a test says so; waits are real ones.</summary>
internal sealed class AccountRoom : IAsyncDisposable
{
    public const string PublicUrl = "https://cloud.example";

    private readonly ServiceProvider _services;
    private readonly string _folder;
    private string? _connection;
    private Action<LinkedAccountOptions>? _options;
    private AccountUnlinking? _worker;

    private AccountRoom(ServiceProvider services, string folder, Clock time) => (_services, _folder, Time) = (services, folder, time);

    public FakeTimeProvider Time { get; }

    public FakeTarget Target => Get<FakeTarget>();

    public Store Store => Get<Store>();

    public AccountLinking Linking => Get<AccountLinking>();

    public LinkedAccountStore Accounts => Get<LinkedAccountStore>();

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    /// <summary>A node of a fresh store.</summary>
    public static async Task<AccountRoom> OpenAsync(StoreProvider provider, PostgreSqlFixture postgreSql, Action<LinkedAccountOptions>? options = null)
    {
        string? connection = null;
        if (provider == StoreProvider.PostgreSql)
        {
            postgreSql.Require();
            connection = await postgreSql.CreateMigratedDatabaseAsync();
        }

        return await OpenAsync(connection, new FakeTarget(), new Clock(), options);
    }

    /// <summary>Another node of the same PostgreSQL database, time and Targets.</summary>
    public Task<AccountRoom> AnotherNodeAsync() => OpenAsync(_connection, Target, (Clock)Time, _options);

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public string? Open(SecretPurpose purpose, byte[] secret) => Get<SealedSecrets>().TryOpen(purpose, secret);

    /// <summary>Adds a linked cloud.</summary>
    public async Task<LinkedCloud> AddCloudAsync(string name = "other", Func<LinkedCloud, LinkedCloud>? change = null)
    {
        var cloud = new LinkedCloud
        {
            Id = Guid.NewGuid(),
            Name = name,
            Url = "https://other.example",
            ClientId = "we there",
            ClientSecret = Get<SealedSecrets>().Seal(SecretPurpose.ClientSecret, "secret"),
            Scope = "r:* w:* offline_access",
            Issuer = "https://other.example",
            AuthorizationEndpoint = "https://other.example/authorize?tenant=1",
            TokenEndpoint = "https://other.example/token",
            RevocationEndpoint = "https://other.example/revoke",
            CloudId = Guid.NewGuid(),
            CreatedAt = Time.GetUtcNow(),
        };
        cloud = change?.Invoke(cloud) ?? cloud;
        await WriteAsync(context => context.Add(cloud));
        return cloud;
    }

    /// <summary>Links an account as a user does.</summary>
    public async Task<LinkedAccount> LinkAsync(UserId user, LinkedCloud cloud, string name = "1")
    {
        Target.Tokens = new TokenOutcome(new ReceivedTokens("access" + name, "refresh" + name, TimeSpan.FromMinutes(10), null));
        var start = await Linking.StartAsync(user, cloud.Name, null, Ending);
        var outcome = await Linking.CompleteAsync(user, cloud.Name, start.Browser, new LinkAnswer(QueryOf(start)["state"]) { Code = "code" }, Ending);
        Assert.Null(outcome.Refusal);
        return (await AccountsAsync()).Single(account => account.State == AccountState.Linked && account.UserId == user && account.LinkedCloudId == cloud.Id);
    }

    /// <summary>The query of the address that a user is sent to.</summary>
    public static Dictionary<string, string> QueryOf(LinkStart start) =>
        QueryHelpers.ParseQuery(new Uri(start.Location!).Query).ToDictionary(one => one.Key, one => one.Value.ToString(), StringComparer.Ordinal);

    /// <summary>Adds a subscription of an account.</summary>
    public async Task<RemoteSubscription> SubscribeAsync(LinkedAccount account, SubscriptionLevel level, string? id, DeviceId? device = null, string? href = null)
    {
        var subscription = new RemoteSubscription
        {
            Id = Guid.NewGuid(),
            AccountId = account.Id,
            Level = level,
            DeviceId = device,
            Href = href,
            SubscriptionId = id,
            SigningSecret = [1],
            State = RemoteSubscriptionState.Live,
        };
        await WriteAsync(context => context.Add(subscription));
        return subscription;
    }

    /// <summary>Adds a mirrored device.</summary>
    public async Task<DeviceId> MirrorAsync(UserId user, LinkedCloud cloud)
    {
        var device = new DeviceId(Guid.NewGuid());
        await Store.WriteAsync((context, token) => Get<MirrorStore>().PutAsync(context, user, cloud.Id, [new MirroredContent(device, "Light", ["oic.d.light"], true, [])], token), Ending);
        return device;
    }

    public Task<List<LinkedAccount>> AccountsAsync() => Store.ReadAsync((context, token) => context.Set<LinkedAccount>().OrderBy(account => account.LinkedAt).ToListAsync(token), Ending);

    public Task<int> CountAsync<T>()
        where T : class => Store.ReadAsync((context, token) => context.Set<T>().CountAsync(token), Ending);

    public Task WriteAsync(Action<CloudDbContext> change) => Store.WriteAsync(
        (context, _) =>
        {
            change(context);
            return Task.CompletedTask;
        },
        Ending);

    /// <summary>Starts the worker.</summary>
    public Task StartAsync()
    {
        _worker = ActivatorUtilities.CreateInstance<AccountUnlinking>(_services);
        return _worker.StartAsync(Ending);
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await isSo()) await Task.Delay(10, deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_worker is not null) await _worker.StopAsync(CancellationToken.None);
        _worker?.Dispose();
        await _services.DisposeAsync();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A file that is just being closed.
        }
    }

    private static async Task<AccountRoom> OpenAsync(string? connection, FakeTarget target, Clock time, Action<LinkedAccountOptions>? options)
    {
        var folder = Directory.CreateTempSubdirectory("ocfcloud-test-").FullName;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(time);
        services.AddCloudCore();
        if (connection is null) services.AddSqliteStore(folder);
        else services.AddPostgreSqlStore(connection, folder);
        services.AddCloudIdentity(_ => { }, connection is null ? new KeyRingOptions { Folder = folder } : new KeyRingOptions());
        services.AddQuickPasswords();
        services.AddSingleton(target);
        services.AddSingleton<ITargetCalls>(target);
        services.AddSingleton<ITokenCalls>(target);
        services.AddCloudLinking(linking => linking.PublicUrl = PublicUrl);
        services.Configure<LinkedAccountOptions>(one => one.PollPeriod = TimeSpan.FromMilliseconds(20));
        if (options is not null) services.Configure(options);
        var room = new AccountRoom(services.BuildServiceProvider(), folder, time) { _connection = connection, _options = options };
        await room.Get<IServiceProvider>().MigrateStoreAsync(Ending);
        return room;
    }

    private sealed class Clock() : FakeTimeProvider(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero))
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, dueTime, period);
    }
}
