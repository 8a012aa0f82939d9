using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Subscriptions;

/// <summary>cloud-to-cloud.md, 1.4: how subscriptions end.</summary>
public sealed class EndedSubscriptionTests(Stores stores) : StoreTests(stores)
{
    private const string A = "/a(oic.r.switch.binary;oic.if.a;3)", B = "/b(oic.r.switch.binary;oic.if.a;3)";

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_removed_device_takes_its_own_along_after_its_links_were_told(StoreProvider provider)
    {
        var (node, device) = await PublishedAsync(provider);
        var all = await Subscriber.OnAsync(node, device.User);
        var links = await Subscriber.OnAsync(node, device.User, device.Id);
        var publishedOnly = await Subscriber.OnAsync(node, device.User, device.Id, kinds: [EventKind.ResourcesPublished]);
        var resource = await Subscriber.OnAsync(node, device.User, device.Id, "/a");
        await node.DispatchAsync();
        node.Clock.Advance(TimeSpan.FromSeconds(1));

        await node.Accounts.RemoveAsync(device.Id, null, Ending);
        var removed = node.Clock.GetUtcNow();

        // Unknown at once, before the dispatcher has seen it.
        Assert.Null(await links.FindAsync());
        Assert.Null(await resource.FindAsync());
        Assert.False(await resource.UnsubscribeAsync());
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        await node.DispatchAsync();
        Assert.Equal([$"2 ResourcesUnpublished [{A} {B}]", "3 SubscriptionCancelled"], await links.AfterAsync(2));
        Assert.Equal(["1 SubscriptionCancelled"], await publishedOnly.AfterAsync(1));
        Assert.Equal(["0 SubscriptionCancelled"], await resource.WaitingAsync());
        Assert.Equal((removed, null, 0), ((await resource.RowsAsync())[0].At, (await resource.RowsAsync())[0].ContentType, (await resource.RowsAsync())[0].Body.Length));
        Assert.Equal([$"4 DeviceUnregistered [{device.Id}]"], await all.AfterAsync(4));
        Assert.NotNull(await all.FindAsync());
        Assert.Null(await links.FindAsync());
        // What it takes to tell the last one stays.
        Assert.Equal([1, 2, 3], (await links.RowAsync())!.ProtectedSecret);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task One_that_is_made_when_the_device_came_back_lives_on(StoreProvider provider)
    {
        var (node, device) = await PublishedAsync(provider);
        var before = await Subscriber.OnAsync(node, device.User, device.Id);
        await node.DispatchAsync();
        await node.Accounts.RemoveAsync(device.Id, null, Ending);
        var back = await node.RegisterAsync(device.User, device.Id);
        await node.PublishAsync(back, "/b");
        var after = await Subscriber.OnAsync(node, device.User, device.Id);

        await node.DispatchAsync();

        Assert.Equal([$"2 ResourcesUnpublished [{A} {B}]", "3 SubscriptionCancelled"], await before.AfterAsync(2));
        Assert.Equal([$"0 ResourcesPublished [{B}]", "1 ResourcesUnpublished []"], await after.WaitingAsync());
        Assert.NotNull(await after.FindAsync());
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_device_that_became_anothers_tells_its_former_users_cloud_nothing(StoreProvider provider)
    {
        var (node, device) = await PublishedAsync(provider);
        var links = await Subscriber.OnAsync(node, device.User, device.Id);
        var resource = await Subscriber.OnAsync(node, device.User, device.Id, "/a");
        await node.Accounts.RemoveAsync(device.Id, null, Ending);
        var theirs = await node.RegisterAsync(UserId.New(), device.Id);
        await node.PublishAsync(theirs, "/secret");
        await node.PublishAsync(theirs, "/a");
        var session = await node.SignInAsync(theirs);
        await node.Online.FlushAsync(Ending);
        node.Twins.Changed(theirs.Id, theirs.User, session, "/a", [7], 10000);
        await node.Twins.FlushAsync(Ending);

        await node.DispatchAsync();

        Assert.Equal(["0 ResourcesPublished []", "1 ResourcesUnpublished []", "2 SubscriptionCancelled"], (await links.WaitingAsync()).Where(n => !n.Contains(A, StringComparison.Ordinal)));
        Assert.Equal(["0 SubscriptionCancelled"], await resource.WaitingAsync());
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_link_that_is_unpublished_or_runs_out_ends_those_of_its_resource(StoreProvider provider)
    {
        var (node, device) = await PublishedAsync(provider);
        await node.Directory.PublishAsync(device.Id, device.User, [Links.Of("/c")], TimeSpan.FromSeconds(10), Ending);
        var links = await Subscriber.OnAsync(node, device.User, device.Id);
        var (a, b, c) = (await Subscriber.OnAsync(node, device.User, device.Id, "/a"), await Subscriber.OnAsync(node, device.User, device.Id, "/b"), await Subscriber.OnAsync(node, device.User, device.Id, "/c"));
        await node.DispatchAsync();

        await node.Directory.UnpublishAsync(device.Id, device.User, [1], Ending);
        Assert.Null(await a.FindAsync());
        await node.DispatchAsync();
        Assert.Equal(["0 SubscriptionCancelled"], await a.WaitingAsync());
        Assert.NotNull(await c.FindAsync());
        node.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(await c.FindAsync());
        await ActivatorUtilities.CreateInstance<LinkExpiry>(node.Services).ExpireAsync(Ending);
        await node.DispatchAsync();

        Assert.Equal(["0 SubscriptionCancelled"], await c.WaitingAsync());
        Assert.Empty(await b.WaitingAsync());
        Assert.NotNull(await b.FindAsync());
        Assert.Equal([$"2 ResourcesUnpublished [{A}]", "3 ResourcesUnpublished [/c(oic.r.switch.binary;oic.if.a;3)]"], await links.AfterAsync(2));
        // Published again it is another resource's life.
        await node.PublishAsync(device, "/a");
        Assert.Null(await a.FindAsync());
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task An_unsubscribed_one_is_unknown_at_once_tells_what_was_queued_and_then_its_end(StoreProvider provider)
    {
        var (node, device) = await PublishedAsync(provider);
        var links = await Subscriber.OnAsync(node, device.User, device.Id);
        var neverTold = await Subscriber.OnAsync(node, device.User, device.Id);
        Assert.True(await neverTold.UnsubscribeAsync());
        await node.DispatchAsync();
        await node.PublishAsync(device, "/c");

        Assert.True(await links.UnsubscribeAsync());
        Assert.False(await links.UnsubscribeAsync());
        Assert.Null(await links.FindAsync());
        await node.PublishAsync(device, "/d");
        await node.DispatchAsync();

        // It ended before /c was told: what was queued are the first ones.
        Assert.Equal(["0 ResourcesPublished", "1 ResourcesUnpublished", "2 SubscriptionCancelled"], (await links.WaitingAsync()).Select(n => string.Join(' ', n.Split(' ')[..2])));
        Assert.Equal(["0 SubscriptionCancelled"], await neverTold.WaitingAsync());
        Assert.False(await links.UnsubscribeAsync());
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Who_may_not_read_any_more_is_told_nothing_but_the_end(StoreProvider provider)
    {
        var (node, device) = await PublishedAsync(provider);
        var links = await Subscriber.OnAsync(node, device.User, device.Id);
        var unsubscribed = await Subscriber.OnAsync(node, device.User, device.Id);
        var others = await Subscriber.OnAsync(node, device.User, device.Id, client: "another");
        var ofAnother = await node.RegisterAsync();
        var otherUsers = await Subscriber.OnAsync(node, ofAnother.User);
        await node.DispatchAsync();
        await unsubscribed.UnsubscribeAsync();
        await node.DispatchAsync();

        Assert.Equal(1, await node.Store.WriteAsync((context, token) => node.Get<SubscriptionRevocation>().RevokeAsync(context, device.User, Subscriber.Client, token), Ending));
        Assert.Null(await links.FindAsync());
        Assert.Empty(await links.WaitingAsync());
        await node.DispatchAsync();

        Assert.Equal(["2 SubscriptionCancelled"], await links.WaitingAsync());
        Assert.Equal(["2 SubscriptionCancelled"], await unsubscribed.WaitingAsync());
        Assert.NotNull((await links.DeliveryAsync())!.DueAt);
        Assert.NotNull((await unsubscribed.DeliveryAsync())!.DueAt);
        Assert.Equal(2, (await others.WaitingAsync()).Length);
        Assert.Equal(0, await node.Store.WriteAsync((context, token) => node.Get<SubscriptionRevocation>().RevokeAsync(context, device.User, Subscriber.Client, token), Ending));
        // The client itself goes: of all users.
        await node.Store.WriteAsync((context, token) => node.Get<SubscriptionRevocation>().RevokeAsync(context, Subscriber.Client, token), Ending);
        await node.DispatchAsync();
        Assert.Equal(["4 SubscriptionCancelled"], await otherUsers.WaitingAsync());
        Assert.Equal(2, (await others.WaitingAsync()).Length);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Rules_that_forbid_a_resource_end_its_subscriptions_and_what_was_queued_is_not_told(StoreProvider provider)
    {
        var (node, device) = await PublishedAsync(provider);
        var links = await Subscriber.OnAsync(node, device.User, device.Id);
        var (allowed, forbidden) = (await Subscriber.OnAsync(node, device.User, device.Id, "/b"), await Subscriber.OnAsync(node, device.User, device.Id, "/a"));
        var unnamed = await Subscriber.OnAsync(node, device.User, device.Id, "/a", client: "another");
        await node.DispatchAsync();
        await ChangeAsync(node, device, "/a", "/b");
        await node.DispatchAsync();
        Assert.Single(await forbidden.WaitingAsync());

        // Retrieve alone is not enough to be told.
        await ReplaceRulesAsync(node, device, Rule("/b", AccessOperations.Retrieve | AccessOperations.Notify), Rule("/a", AccessOperations.Retrieve));
        Assert.Null(await forbidden.FindAsync());
        Assert.Empty(await forbidden.WaitingAsync());
        await ChangeAsync(node, device, "/a", "/b");
        await node.DispatchAsync();

        Assert.Equal(["1 SubscriptionCancelled"], await forbidden.WaitingAsync());
        Assert.NotNull((await forbidden.DeliveryAsync())!.DueAt);
        Assert.Equal(2, (await allowed.WaitingAsync()).Length);
        Assert.Equal(2, (await unnamed.WaitingAsync()).Length);
        Assert.NotNull(await links.FindAsync());
        await ReplaceRulesAsync(node, device);
        await node.DispatchAsync();
        Assert.NotNull(await allowed.FindAsync());
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task One_that_was_made_when_the_rules_had_just_changed_hears_its_end_alone(StoreProvider provider)
    {
        var (node, device) = await PublishedAsync(provider);
        await ChangeAsync(node, device, "/a");
        await ReplaceRulesAsync(node, device, Rule("/b", AccessOperations.All));
        // The door asked before: its rules were the old ones.
        var forbidden = await Subscriber.OnAsync(node, device.User, device.Id, "/a");
        await node.DispatchAsync();

        Assert.Equal(["0 SubscriptionCancelled"], await forbidden.WaitingAsync());
        Assert.Null(await forbidden.FindAsync());
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_user_who_goes_takes_all_along_and_nothing_of_the_removal_is_told(StoreProvider provider)
    {
        var (node, device) = await PublishedAsync(provider);
        Subscriber[] subscribers =
        [
            await Subscriber.OnAsync(node, device.User), await Subscriber.OnAsync(node, device.User, device.Id, client: "another"),
            await Subscriber.OnAsync(node, device.User, device.Id, "/a"),
        ];
        await node.DispatchAsync();

        await node.Get<UserErasure>().EraseAsync(device.User, Ending);
        await node.DispatchAsync();

        foreach (var subscriber in subscribers)
        {
            Assert.EndsWith("SubscriptionCancelled", Assert.Single(await subscriber.WaitingAsync()), StringComparison.Ordinal);
            Assert.Null(await subscriber.FindAsync());
        }
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_subscriber_for_whom_too_much_waits_is_given_up(StoreProvider provider)
    {
        var (node, device) = await PublishedAsync(provider);
        var links = await Subscriber.OnAsync(node, device.User, device.Id, kinds: [EventKind.ResourcesPublished]);
        for (var i = 0; i < 99; i++) await PublishAnewAsync(node, device, i);
        await node.DispatchAsync();
        // All of it is in the first one.
        Assert.Single(await links.WaitingAsync());
        for (var i = 0; i < 99; i++) await PublishAnewAsync(node, device, i + 1);
        await node.DispatchAsync();
        Assert.Equal(100, (await links.FindAsync())!.Undelivered);

        await PublishAnewAsync(node, device, 0);
        await node.DispatchAsync();

        Assert.Equal(["101 SubscriptionCancelled"], await links.WaitingAsync());
        Assert.Null(await links.FindAsync());
        Assert.NotNull((await links.DeliveryAsync())!.DueAt);
    }

    private static AccessRule Rule(string href, AccessOperations allow) =>
        AccessRule.TryCreate(Subscriber.Client, "*", href, allow, out var rule) ? rule : throw new InvalidOperationException();

    private static async Task ReplaceRulesAsync(CloudNode node, RegisteredDevice device, params AccessRule[] rules) =>
        Assert.True(await node.Get<AccessRuleStore>().ReplaceAsync(device.User, rules, Ending));

    private static async Task ChangeAsync(CloudNode node, RegisteredDevice device, params string[] hrefs)
    {
        var session = await node.SignInAsync(device);
        foreach (var href in hrefs) node.Twins.Changed(device.Id, device.User, session, href, Guid.NewGuid().ToByteArray(), 10000);
        await node.Twins.FlushAsync(Ending);
    }

    private static async Task PublishAnewAsync(CloudNode node, RegisteredDevice device, int i) =>
        await node.Directory.PublishAsync(device.Id, device.User, [Links.Of("/x", bm: i % 2 == 0 ? 1 : 3)], null, Ending);

    private async Task<(CloudNode Node, RegisteredDevice Device)> PublishedAsync(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        await node.PublishAsync(device, "/a", "/b");
        await node.DispatchAsync();
        return (node, device);
    }
}
