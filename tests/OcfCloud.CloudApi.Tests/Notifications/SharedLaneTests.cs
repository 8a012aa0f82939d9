using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OcfCloud.CloudApi.Notifications;
using OcfCloud.CloudApi.Subscriptions;
using OcfCloud.Core;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Outbound;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Identity;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Storage.Sqlite;
using OcfCloud.Testing;

namespace OcfCloud.CloudApi.Tests.Notifications;

/// <summary>A sender that many share, with a real store, clock and receivers.</summary>
public sealed class SharedLaneTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    // A lane of 4 quick deliveries and 32 slow ones.
    private static readonly NotificationOptions Options = new()
    {
        MaxParallel = 4,
        MaxParallelPerHost = 16,
        SlowAfter = TimeSpan.FromMilliseconds(200),
        DeliveryTimeout = TimeSpan.FromSeconds(30),
        LongestSleep = TimeSpan.FromHours(1),
        FirstDelay = TimeSpan.Zero,
        StopGrace = TimeSpan.FromMilliseconds(100),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_with_many_slow_hosts_does_not_delay_another()
    {
        await using var quick = await Receiver.StartAsync(HttpProtocols.Http1);
        var slow = new List<Receiver>();
        for (var host = 0; host < 3; host++) slow.Add(await Receiver.StartAsync(HttpProtocols.Http1, quick.Certificate));
        var arrived = new TaskCompletionSource();
        foreach (var receiver in slow)
        {
            receiver.Answer = (_, context) =>
            {
                arrived.TrySetResult();
                return Task.Delay(Timeout.Infinite, context.RequestAborted);
            };
        }

        var told = new TaskCompletionSource();
        quick.Answer = (_, _) =>
        {
            told.TrySetResult();
            return Task.CompletedTask;
        };

        using var folder = new TemporaryFolder();
        await using var services = await StartAsync(folder, quick.Outbound());
        var user = UserId.New();
        for (var i = 0; i < 40; i++) await SubscribeAsync(services, user, "slow", slow[i % slow.Count]);
        await arrived.Task.WaitAsync(Deadline, Cancellation);
        await SubscribeAsync(services, user, "quick", quick);
        await told.Task.WaitAsync(Deadline, Cancellation);

        foreach (var service in services.GetServices<IHostedService>()) await service.StopAsync(Cancellation);
        foreach (var receiver in slow) await receiver.DisposeAsync();
        SqliteConnection.ClearAllPools();
    }

    private static async Task<ServiceProvider> StartAsync(TemporaryFolder folder, OutboundOptions outbound)
    {
        var collection = new ServiceCollection();
        collection.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        collection.AddSingleton(outbound);
        collection.AddCloudCore();
        collection.AddCloudCoreBackground();
        collection.AddSqliteStore(folder.Path);
        collection.AddCloudIdentity(tokens => tokens.Issuer = CloudApiHost.Issuer, new KeyRingOptions { Folder = Directory.CreateDirectory(folder["keys"]).FullName });
        collection.AddQuickPasswords();
        collection.AddSubscriptionsApi(Options);
        var services = collection.BuildServiceProvider();
        await services.MigrateStoreAsync(Cancellation);
        await services.GetRequiredService<OnlineState>().ClearFormerLifeAsync(Cancellation);
        foreach (var service in services.GetServices<IHostedService>()) await service.StartAsync(Cancellation);
        return services;
    }

    private static async Task SubscribeAsync(IServiceProvider services, UserId user, string client, Receiver receiver)
    {
        var secret = services.GetRequiredService<SigningSecrets>().Protect("3BZ6oI9xbRJzOUvUoRb5RgaZjPqHrmql");
        var subscription = new NewSubscription(user, client, default, [EventKind.DeviceRegistered], receiver.Url, secret, NotificationEncoding.Json, "correlated");
        Assert.Equal(SubscribeRefusal.None, (await services.GetRequiredService<SubscriptionStore>().SubscribeAsync(subscription, Cancellation)).Refusal);
    }
}
