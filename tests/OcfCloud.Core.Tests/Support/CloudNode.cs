using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Core.Tokens;
using OcfCloud.Core.Twins;
using OcfCloud.Testing;

namespace OcfCloud.Core.Tests.Support;

/// <summary>This room on a real store, nothing running by itself. Several on one database are several nodes.</summary>
internal sealed class CloudNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private CloudNode(ServiceProvider services, TestClock clock, RecordedLog log) => (_services, Clock, Log) = (services, clock, log);

    public IServiceProvider Services => _services;

    public TestClock Clock { get; }

    public RecordedLog Log { get; }

    public Store Store => Get<Store>();

    public DeviceAccounts Accounts => Get<DeviceAccounts>();

    public OneTimeTokens OneTimeTokens => Get<OneTimeTokens>();

    public ResourceDirectory Directory => Get<ResourceDirectory>();

    public OnlineState Online => Get<OnlineState>();

    public TwinWriter Twins => Get<TwinWriter>();

    public SubscriptionStore Subscriptions => Get<SubscriptionStore>();

    public DeliveryQueue Deliveries => Get<DeliveryQueue>();

    public PlainBodies Bodies => Get<PlainBodies>();

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public static CloudNode Create(Action<IServiceCollection> addStore, TestClock clock)
    {
        var log = new RecordedLog();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(clock);
        services.AddLogging(logging => logging.AddProvider(log));
        services.AddSingleton(new OutboxOptions { PollPeriod = TimeSpan.FromMilliseconds(50), RetryPeriod = TimeSpan.FromMilliseconds(50) });
        services.AddSingleton(new OnlineStateOptions { BatchPeriod = TimeSpan.FromMilliseconds(20) });
        services.AddSingleton(new DirectoryOptions { MaxLinksPerDevice = 64 });
        services.AddSingleton(new TwinOptions { MaxRepresentationSize = 1024, MaxPendingBytes = 8192 });
        services.AddSingleton(new SubscriptionOptions { MaxPerUser = 1_000, MaxPerTarget = 1_000, MaxUndelivered = 100 });
        services.AddSingleton<PlainBodies>();
        services.AddSingleton<INotificationBodies>(provider => provider.GetRequiredService<PlainBodies>());
        services.AddMetrics();
        services.AddCloudCore();
        addStore(services);
        return new CloudNode(services.BuildServiceProvider(), clock, log);
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public Task MigrateAsync() => Get<StoreMigration>().ApplyAsync(Ending);

    /// <summary>The same for tests that do not test migrations.</summary>
    public Task MigrateOnceAsync() => _services.MigrateStoreAsync(Ending);

    /// <summary>A one-time token of a user.</summary>
    public async Task<string> OneTimeTokenAsync(UserId user, DeviceId? device = null) => (await OneTimeTokens.IssueAsync(user, device, Ending))!.Token;

    /// <summary>Registers a device that may be new.</summary>
    public async Task<RegisteredDevice> RegisterAsync(UserId? owner = null, DeviceId? device = null)
    {
        var user = owner ?? UserId.New();
        var id = device ?? NewDevice();
        var token = await OneTimeTokenAsync(user);
        var outcome = await Accounts.SignUpAsync(id, token, Ending);
        Assert.True(outcome.Succeeded);
        return new RegisteredDevice(id, user, token, outcome.AccessToken, outcome.RefreshToken);
    }

    /// <summary>Signs a device in and tells the online state of it, as a door does.</summary>
    public async Task<long> SignInAsync(RegisteredDevice device)
    {
        var outcome = await Accounts.SignInAsync(device.Id, device.User, device.AccessToken, Ending);
        Assert.True(outcome.Accepted);
        Online.SignedIn(device.Id, device.User, outcome.Session);
        return outcome.Session;
    }

    /// <summary>Publishes links with hrefs and defaults.</summary>
    public async Task<IReadOnlyList<PublishedLink>> PublishAsync(RegisteredDevice device, params string[] hrefs)
    {
        var outcome = await Directory.PublishAsync(device.Id, device.User, [.. hrefs.Select(h => Links.Of(h))], null, Ending);
        Assert.True(outcome.Succeeded);
        return outcome.Links;
    }

    /// <summary>What waits in the outbox of a user's events, in order.</summary>
    public Task<List<OutboxRow>> EventsAsync(UserId user) =>
        Store.ReadAsync((context, token) => context.Set<OutboxRow>().Where(r => r.UserId == user).OrderBy(r => r.Id).ToListAsync(token), Ending);

    public async Task<EventKind[]> EventKindsAsync(UserId user) => [.. (await EventsAsync(user)).Select(r => r.Kind)];

    public Task<Device?> RowAsync(DeviceId device) =>
        Store.ReadAsync((context, token) => context.Set<Device>().FirstOrDefaultAsync(d => d.Id == device, token), Ending);

    /// <summary>Takes all that waits in the outbox, as the dispatcher does.</summary>
    public async Task DispatchAsync()
    {
        using var dispatcher = ActivatorUtilities.CreateInstance<OutboxDispatcher>(_services);
        var lane = Get<IOutboxLane>();
        // PostgreSQL frees the lock of a connection a moment after it was closed.
        while (!await lane.TryEnterAsync(Ending)) await Task.Delay(5, Ending);
        try
        {
            await dispatcher.DrainAsync(Ending);
        }
        finally
        {
            await lane.LeaveAsync();
        }
    }

    public static DeviceId NewDevice() => new(Guid.NewGuid());

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
