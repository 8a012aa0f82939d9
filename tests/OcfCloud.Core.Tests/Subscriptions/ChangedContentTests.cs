using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Core.Tests.Support;
using OcfCloud.Core.Twins;

namespace OcfCloud.Core.Tests.Subscriptions;

/// <summary>resource_contentchanged (cloud-to-cloud.md, 1.4; architecture.md, Twin).</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "The nodes are the stores'.")]
public sealed class ChangedContentTests(Stores stores) : StoreTests(stores)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_changed_value_is_told_with_its_time_and_an_unchanged_one_is_not(StoreProvider provider)
    {
        var (node, device, session) = await SignedInAsync(await Stores.OnAsync(provider));
        var subscriber = await Subscriber.OnAsync(node, device.User, device.Id, "/a");
        await node.DispatchAsync();

        await WriteAsync(node, device, session, "/a", 1);
        var changed = node.Clock.GetUtcNow();
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        await WriteAsync(node, device, session, "/a", 1);
        await WriteAsync(node, device, session, "/b", 1);
        node.Twins.Changed(device.Id, device.User, session, "/a", [2], 60);
        await node.Twins.FlushAsync(Ending);
        await node.DispatchAsync();

        Assert.Equal(["0 ResourceContentChanged 10000:01", "1 ResourceContentChanged 60:02"], await subscriber.WaitingAsync());
        Assert.Equal([changed, changed.AddSeconds(1)], (await subscriber.RowsAsync()).Select(n => n.At));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_nobody_subscribed_to_is_no_event(StoreProvider provider)
    {
        var (node, device, session) = await SignedInAsync(await Stores.OnAsync(provider));
        var ended = await Subscriber.OnAsync(node, device.User, device.Id, "/a");
        await Subscriber.OnAsync(node, device.User, device.Id, "/b");
        await Subscriber.OnAsync(node, device.User, device.Id);
        await Subscriber.OnAsync(node, device.User);
        await ended.UnsubscribeAsync();
        await node.DispatchAsync();

        await WriteAsync(node, device, session, "/a", 1);
        await WriteAsync(node, device, session, "/oic/d", 1);

        Assert.DoesNotContain(EventKind.ResourceContentChanged, await node.EventKindsAsync(device.User));
        await WriteAsync(node, device, session, "/b", 1);
        Assert.Equal([EventKind.ResourceContentChanged], await node.EventKindsAsync(device.User));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_change_before_or_after_subscribing_is_told_once(StoreProvider provider)
    {
        var (node, device, session) = await SignedInAsync(await Stores.OnAsync(provider));
        await node.DispatchAsync();

        await WriteAsync(node, device, session, "/a", 1);
        var first = await Subscriber.OnAsync(node, device.User, device.Id, "/a");
        await WriteAsync(node, device, session, "/a", 2);
        await node.DispatchAsync();
        await WriteAsync(node, device, session, "/a", 3);
        var second = await Subscriber.OnAsync(node, device.User, device.Id, "/a");
        await node.DispatchAsync();
        await WriteAsync(node, device, session, "/a", 4);
        await node.DispatchAsync();

        Assert.Equal(["0 ResourceContentChanged 10000:02", "1 ResourceContentChanged 10000:03", "2 ResourceContentChanged 10000:04"], await first.WaitingAsync());
        Assert.Equal(["0 ResourceContentChanged 10000:03", "1 ResourceContentChanged 10000:04"], await second.WaitingAsync());
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task However_changes_and_subscriptions_meet_each_value_from_the_first_on_is_told_once_and_in_order(StoreProvider provider)
    {
        const int Values = 40;
        var (node, device, session) = await SignedInAsync(await Stores.OnAsync(provider));
        await node.DispatchAsync();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        var dispatching = Task.Run(() => DispatchUntilAsync(node, stopping.Token), Ending);

        var subscribers = new List<Subscriber>();
        var writing = Task.Run(
            async () =>
            {
                for (byte value = 1; value <= Values; value++) await WriteAsync(node, device, session, "/a", value);
            },
            Ending);
        do subscribers.Add(await Subscriber.OnAsync(node, device.User, device.Id, "/a"));
        while (!writing.IsCompleted && subscribers.Count < 200);
        await writing;
        await stopping.CancelAsync();
        await dispatching;
        await node.DispatchAsync();

        foreach (var subscriber in subscribers)
        {
            var told = (await subscriber.RowsAsync()).ConvertAll(n => Convert.ToInt32(System.Text.Encoding.UTF8.GetString(n.Body)["10000:".Length..], 16));
            // One made before the first value hears all of them.
            Assert.NotEmpty(told);
            Assert.Equal(Enumerable.Range(told[0], Values + 1 - told[0]), told);
        }
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_subscribed_device_is_not_kept_waiting(StoreProvider provider)
    {
        var node = await NewAsync(provider);
        node.Get<TwinOptions>().BatchPeriod = TimeSpan.FromHours(1);
        var (_, device, session) = await SignedInAsync(node);
        var (_, other, otherSession) = await SignedInAsync(node);
        var interest = node.Get<SubscriptionInterest>();
        await interest.StartAsync(Ending);
        await node.Twins.StartAsync(Ending);
        var subscriber = await Subscriber.OnAsync(node, device.User, device.Id, "/a");
        await Subscriber.OnAsync(node, other.User, other.Id);
        await node.DispatchAsync();
        await UntilAsync(() => interest.Has(device.Id) && !interest.Has(other.Id));

        node.Twins.Changed(other.Id, other.User, otherSession, "/a", [1], 10000);
        node.Twins.Changed(device.Id, device.User, session, "/a", [1], 10000);

        await UntilAsync(async () => (await node.EventKindsAsync(device.User)).Contains(EventKind.ResourceContentChanged));
        Assert.Null(await node.Get<TwinStore>().FindAsync(other.Id, "/a", Ending));
        await subscriber.UnsubscribeAsync();
        await node.DispatchAsync();
        await UntilAsync(() => !interest.Has(device.Id));
        await interest.StopAsync(Ending);
        await node.Twins.StopAsync(Ending);
        Assert.NotNull(await node.Get<TwinStore>().FindAsync(other.Id, "/a", Ending));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_subscribed_device_waits_for_a_batch_of_what_all_others_change_and_no_longer(StoreProvider provider)
    {
        var node = await NewAsync(provider);
        node.Get<TwinOptions>().MaxPendingBytes = 1024 * 1024;
        var (first, last, subscribed) = (await SignedInAsync(node, new DeviceId(Guid.Empty)), await SignedInAsync(node, new DeviceId(Guid.AllBitsSet)), await SignedInAsync(node));
        await Subscriber.OnAsync(node, last.Device.User, last.Device.Id, "/a");
        await node.DispatchAsync();
        // Batches are in order of device: the last one's value is in the last of four.
        for (var i = 0; i < 1_999; i++) node.Twins.Changed(first.Device.Id, first.Device.User, first.Session, $"/unpublished/{i}", [1], 60);
        node.Twins.Changed(last.Device.Id, last.Device.User, last.Session, "/a", [1], 60);
        await Subscriber.OnAsync(node, subscribed.Device.User, subscribed.Device.Id, "/a");
        await node.DispatchAsync();
        await node.Get<SubscriptionInterest>().RefreshAsync(Ending);

        var (all, soon) = (Task.CompletedTask, Task.CompletedTask);
        await node.Store.WriteAsync(
            async (context, token) =>
            {
                // The first batch waits for this.
                await context.LockDeviceAsync(first.Device.Id, token);
                all = node.Twins.FlushAsync(Ending);
                node.Twins.Changed(subscribed.Device.Id, subscribed.Device.User, subscribed.Session, "/a", [1], 60);
                soon = node.Twins.FlushSoonAsync(Ending);
            },
            Ending);
        await Task.WhenAll(all, soon);

        var told = await node.Store.ReadAsync(
            (context, token) => context.Set<OutboxRow>().Where(r => r.Kind == EventKind.ResourceContentChanged).OrderBy(r => r.Id).Select(r => r.DeviceId).ToListAsync(token), Ending);
        Assert.Equal([subscribed.Device.Id, last.Device.Id], told);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_is_subscribed_to_is_read_at_the_start_and_whenever_hints_were_missed(StoreProvider provider)
    {
        var node = await NewAsync(provider);
        var (_, device, _) = await SignedInAsync(node);
        await Subscriber.OnAsync(node, device.User, device.Id, "/a");
        var interest = node.Get<SubscriptionInterest>();

        await interest.RefreshAsync(Ending);
        Assert.True(interest.Has(device.Id));
        await node.Accounts.RemoveAsync(device.Id, null, Ending);
        await node.DispatchAsync();
        await interest.RefreshAsync(Ending);
        Assert.False(interest.Has(device.Id));
        var (_, another, _) = await SignedInAsync(node);
        await Subscriber.OnAsync(node, another.User, another.Id, "/a");
        node.Get<Hints>().Publish(Hint.Everything);
        await interest.RefreshAsync(Ending);
        Assert.True(interest.Has(another.Id));
    }

    private static async Task WriteAsync(CloudNode node, RegisteredDevice device, long session, string href, byte value)
    {
        node.Twins.Changed(device.Id, device.User, session, href, [value], 10000);
        await node.Twins.FlushAsync(Ending);
    }

    private static async Task DispatchUntilAsync(CloudNode node, CancellationToken stopping)
    {
        using var dispatcher = ActivatorUtilities.CreateInstance<OutboxDispatcher>(node.Services);
        var lane = node.Get<IOutboxLane>();
        while (!await lane.TryEnterAsync(Ending)) await Task.Delay(5, Ending);
        while (!stopping.IsCancellationRequested) await dispatcher.DrainAsync(Ending);
        await lane.LeaveAsync();
    }

    private static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        limit.CancelAfter(Deadline);
        while (!await isSo()) await Task.Delay(5, limit.Token);
    }

    private static async Task<(CloudNode Node, RegisteredDevice Device, long Session)> SignedInAsync(CloudNode node, DeviceId? id = null)
    {
        var device = await node.RegisterAsync(device: id);
        var session = await node.SignInAsync(device);
        await node.Online.FlushAsync(Ending);
        await node.PublishAsync(device, "/a", "/b");
        await node.DispatchAsync();
        return (node, device, session);
    }

    private async Task<CloudNode> NewAsync(StoreProvider provider)
    {
        var node = provider == StoreProvider.Sqlite ? Stores.OnSqlite(Stores.NewFolder()) : Stores.OnPostgreSql(await Stores.NewDatabaseAsync(), Stores.NewFolder());
        await node.MigrateOnceAsync();
        return node;
    }
}
