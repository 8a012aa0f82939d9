using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;
using OcfCloud.Core.Twins;

namespace OcfCloud.Core.Tests.Directory;

/// <summary>device-to-cloud.md, 6.</summary>
public sealed class PublishTests(Stores stores) : StoreTests(stores)
{
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_link_keeps_its_number_when_it_is_published_again(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        var first = await node.PublishAsync(device, "/a", "/b", "/c");
        var changed = Links.Of("/b", rt: "oic.r.light.dimming x.other", @if: "oic.if.rw", bm: 1, new LinkParameter("n", new byte[] { 0x61, 0x78 }));

        var again = await node.Directory.PublishAsync(device.Id, device.User, [changed, Links.Of("/d")], null, Ending);

        Assert.Equal([1, 2, 3], first.Select(l => l.Ins));
        Assert.Equal([2, 4], again.Links.Select(l => l.Ins));
        var kept = (await node.Directory.OfDeviceAsync(device.Id, Ending)).Single(l => l.Ins == 2).Link;
        Assert.Equal(["oic.r.light.dimming", "x.other"], kept.Rt);
        Assert.Equal(["oic.if.rw"], kept.If);
        Assert.Equal(1, kept.Bm);
        Assert.False(kept.IsObservable);
        Assert.Equal("n", Assert.Single(kept.Parameters).Name);
        Assert.Equal([0x61, 0x78], kept.Parameters[0].Value.ToArray());
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Only_what_changed_is_an_event(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        await node.PublishAsync(device, "/a", "/b");
        await node.PublishAsync(device, "/b", "/a");
        await node.Directory.PublishAsync(device.Id, device.User, [Links.Of("/a"), Links.Of("/b", bm: 1)], null, Ending);

        var published = (await node.EventsAsync(device.User)).Where(e => e.Kind == EventKind.ResourcesPublished).Select(e => System.Text.Encoding.UTF8.GetString(e.Payload!));

        Assert.Equal(
            [
                """[{"href":"/a","rt":["oic.r.switch.binary"],"if":["oic.if.a"],"p":{"bm":3}},{"href":"/b","rt":["oic.r.switch.binary"],"if":["oic.if.a"],"p":{"bm":3}}]""",
                """[{"href":"/b","rt":["oic.r.switch.binary"],"if":["oic.if.a"],"p":{"bm":1}}]""",
            ],
            published);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Of_two_links_with_one_href_the_later_counts(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();

        var outcome = await node.Directory.PublishAsync(device.Id, device.User, [Links.Of("/a", bm: 1), Links.Of("/b"), Links.Of("/a", bm: 2)], null, Ending);

        Assert.Equal([("/a", 1), ("/b", 2)], outcome.Links.Select(l => (l.Link.Href.Value, l.Ins)));
        Assert.Equal(2, outcome.Links[0].Link.Bm);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Too_many_links_are_refused_and_none_is_stored(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        await node.PublishAsync(device, [.. Enumerable.Range(0, 63).Select(i => $"/{i}")]);

        var outcome = await node.Directory.PublishAsync(device.Id, device.User, [Links.Of("/0", bm: 1), Links.Of("/x"), Links.Of("/y")], null, Ending);

        Assert.Equal(PublishRefusal.TooManyLinks, outcome.Refusal);
        var links = await node.Directory.OfDeviceAsync(device.Id, Ending);
        Assert.Equal(63, links.Count);
        Assert.Equal(3, links[0].Link.Bm);
        Assert.Single(await node.EventKindsAsync(device.User), EventKind.ResourcesPublished);
        await node.PublishAsync(device, "/0", "/x");
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Nobody_publishes_for_a_device_of_another_user(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();

        Assert.Equal(PublishRefusal.UnknownDevice, (await node.Directory.PublishAsync(device.Id, UserId.New(), [Links.Of("/a")], null, Ending)).Refusal);
        Assert.Equal(PublishRefusal.UnknownDevice, (await node.Directory.PublishAsync(CloudNode.NewDevice(), device.User, [Links.Of("/a")], null, Ending)).Refusal);
        Assert.Empty(await node.Directory.OfDeviceAsync(device.Id, Ending));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Links_are_unpublished_by_their_numbers_or_all(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        await node.PublishAsync(device, "/a", "/b", "/c", "/d");

        Assert.Equal(0, await node.Directory.UnpublishAsync(device.Id, UserId.New(), [], Ending));
        Assert.Equal(0, await node.Directory.UnpublishAsync(device.Id, device.User, [0, 5, -1, 1L + uint.MaxValue], Ending));
        Assert.Equal(2, await node.Directory.UnpublishAsync(device.Id, device.User, [2, 3, 3, 99], Ending));
        Assert.Equal(["/a", "/d"], (await node.Directory.OfDeviceAsync(device.Id, Ending)).Select(l => l.Link.Href.Value));
        Assert.Equal(2, await node.Directory.UnpublishAsync(device.Id, device.User, [], Ending));
        Assert.Equal(0, await node.Directory.UnpublishAsync(device.Id, device.User, [], Ending));
        var events = (await node.EventsAsync(device.User)).Where(e => e.Kind == EventKind.ResourcesUnpublished).Select(e => System.Text.Encoding.UTF8.GetString(e.Payload!)).ToArray();
        Assert.Equal(2, events.Length);
        Assert.Contains("/b", events[0], StringComparison.Ordinal);
        Assert.Contains("/c", events[0], StringComparison.Ordinal);
        Assert.DoesNotContain("/a", events[0], StringComparison.Ordinal);
        // A number is not given to another href soon after.
        Assert.Equal(5, Assert.Single(await node.PublishAsync(device, "/e")).Ins);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_link_that_is_not_published_again_within_its_ttl_leaves_with_an_event(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        var expiry = Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<LinkExpiry>(node.Services);
        await node.Directory.PublishAsync(device.Id, device.User, [Links.Of("/a"), Links.Of("/b")], TimeSpan.FromSeconds(60), Ending);
        await node.PublishAsync(device, "/forever");
        node.Clock.Advance(TimeSpan.FromSeconds(59));
        await node.Directory.PublishAsync(device.Id, device.User, [Links.Of("/a")], TimeSpan.FromSeconds(60), Ending);
        await expiry.ExpireAsync(Ending);
        Assert.Equal(3, (await node.Directory.OfDeviceAsync(device.Id, Ending)).Count);

        node.Clock.Advance(TimeSpan.FromSeconds(1));
        // Nobody sees it even before it is taken out.
        Assert.Equal(["/a", "/forever"], (await node.Directory.OfDeviceAsync(device.Id, Ending)).Select(l => l.Link.Href.Value));
        Assert.Equal(2, Assert.Single(await node.Accounts.ListAsync(device.User, Ending)).Links);
        Assert.DoesNotContain(EventKind.ResourcesUnpublished, await node.EventKindsAsync(device.User));
        await expiry.ExpireAsync(Ending);
        await expiry.ExpireAsync(Ending);
        Assert.Single(await node.EventKindsAsync(device.User), EventKind.ResourcesUnpublished);

        node.Clock.Advance(TimeSpan.FromDays(1000));
        await expiry.ExpireAsync(Ending);
        Assert.Equal(["/forever"], (await node.Directory.OfDeviceAsync(device.Id, Ending)).Select(l => l.Link.Href.Value));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_link_published_again_after_its_ttl_is_a_new_one(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        var session = await node.SignInAsync(device);
        await node.Directory.PublishAsync(device.Id, device.User, [Links.Of("/a")], TimeSpan.FromSeconds(60), Ending);
        node.Twins.Changed(device.Id, device.User, session, "/a", [0xa0], 10000);
        await node.Twins.FlushAsync(Ending);
        node.Clock.Advance(TimeSpan.FromSeconds(60));

        var outcome = await node.Directory.PublishAsync(device.Id, device.User, [Links.Of("/a")], TimeSpan.MaxValue, Ending);

        Assert.Equal(2, Assert.Single(outcome.Links).Ins);
        Assert.Null(await node.Get<TwinStore>().FindAsync(device.Id, "/a", Ending));
        Assert.Equal(
            [EventKind.ResourcesPublished, EventKind.ResourcesUnpublished, EventKind.ResourcesPublished],
            (await node.EventKindsAsync(device.User)).Where(k => k is EventKind.ResourcesPublished or EventKind.ResourcesUnpublished));
        node.Clock.Advance(TimeSpan.FromDays(5000));
        Assert.Single(await node.Directory.OfDeviceAsync(device.Id, Ending));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Numbers_start_over_past_the_greatest_and_pass_those_in_use(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        await node.PublishAsync(device, "/a");
        await node.Store.WriteAsync(async (context, token) => (await context.LockDeviceAsync(device.Id, token))!.LastIns = int.MaxValue - 1, Ending);

        Assert.Equal([int.MaxValue, 2], (await node.PublishAsync(device, "/b", "/c")).Select(l => l.Ins));
    }
}
