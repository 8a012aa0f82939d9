using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Mirrors;

/// <summary>cloud-to-cloud.md, 2: what whoever reads sees of devices of other clouds.</summary>
public sealed class MirrorReadingTests(Stores stores) : StoreTests(stores)
{
    private static readonly Guid OneCloud = Guid.Parse("11111111-0000-4000-8000-000000000000"), OtherCloud = Guid.Parse("22222222-0000-4000-8000-000000000000");

    private readonly UserId _user = UserId.New();

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task A_device_is_found_for_its_user_alone_and_as_it_is_now(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (mirrors, device) = (node.Get<MirrorStore>(), CloudNode.NewDevice());
        await PutAsync(node, OneCloud, device, online: false, Links.Of("/b"), Links.Of("/a", bm: 1));

        var found = await mirrors.FindAsync(_user, device, Ending);
        Assert.NotNull(found);
        Assert.Equal((_user, OneCloud, device, "lamp", false), (found.User, found.LinkedCloud, found.Device, found.Name, found.Online));
        Assert.Equal(["oic.d.light"], found.Types);
        Assert.Equal([("/a", 1), ("/b", 3)], (await mirrors.LinksOfAsync(found, Ending)).Select(link => (link.Href.Value, link.Bm)));
        Assert.Null(await mirrors.FindAsync(UserId.New(), device, Ending));
        Assert.Null(await mirrors.FindAsync(_user, CloudNode.NewDevice(), Ending));
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task Of_two_clouds_the_first_counts_and_a_device_that_is_registered_here_for_the_user_is_not_mirrored(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var mirrors = node.Get<MirrorStore>();
        DeviceId[] devices = [.. Enumerable.Range(0, 3).Select(_ => CloudNode.NewDevice()).Order()];
        await PutAsync(node, OtherCloud, devices[0], online: true, Links.Of("/second"));
        await PutAsync(node, OneCloud, devices[0], online: true, Links.Of("/first"));
        await PutAsync(node, OneCloud, devices[1], online: true, Links.Of("/own"));
        await PutAsync(node, OneCloud, devices[2], online: true, Links.Of("/z"), Links.Of("/y"));
        await node.RegisterAsync(_user, devices[1]);
        await node.RegisterAsync(UserId.New(), devices[2]);

        Assert.Equal(OneCloud, (await mirrors.FindAsync(_user, devices[0], Ending))!.LinkedCloud);
        Assert.Null(await mirrors.FindAsync(_user, devices[1], Ending));
        Assert.Equal([devices[0], devices[2]], (await mirrors.ListAsync(_user, Ending)).Select(d => d.Device));
        Assert.Equal(
            [(devices[0], 1, "/first"), (devices[2], 1, "/y"), (devices[2], 2, "/z")],
            (await mirrors.DiscoverAsync(_user, DiscoveryQuery.All, Ending)).Select(l => (l.DeviceId, l.Ins, l.Link.Href.Value)));
        Assert.Equal(3, await mirrors.CountAsync(_user, OneCloud, Ending));
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task A_discovery_filters_and_without_mirrored_devices_it_is_one_question(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (mirrors, device, other) = (node.Get<MirrorStore>(), CloudNode.NewDevice(), CloudNode.NewDevice());
        await PutAsync(node, OneCloud, device, online: true, Links.Of("/a", "x.a", "oic.if.s"), Links.Of("/b", "x.b"));
        await PutAsync(node, OneCloud, other, online: true, Links.Of("/c", "x.a"));

        Assert.Equal(["/a"], await HrefsAsync(mirrors, new DiscoveryQuery { Rt = ["x.a"], Di = [device] }));
        Assert.Equal(["/a"], await HrefsAsync(mirrors, new DiscoveryQuery { If = ["oic.if.s"] }));
        Assert.Equal(["/c"], await HrefsAsync(mirrors, new DiscoveryQuery { Di = [other, CloudNode.NewDevice()] }));
        Assert.Empty(await HrefsAsync(mirrors, new DiscoveryQuery { Di = [CloudNode.NewDevice()] }));

        using var statements = new StatementRecorder(node);
        Assert.Empty(await mirrors.DiscoverAsync(UserId.New(), DiscoveryQuery.All, Ending));
        Assert.Single(statements.All);
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task A_value_has_a_version_that_rises_also_when_it_was_taken_away_between(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (mirrors, device) = (node.Get<MirrorStore>(), CloudNode.NewDevice());
        await PutAsync(node, OneCloud, device, online: true, Links.Of("/a"));
        var mirror = (await mirrors.FindAsync(_user, device, Ending))!;
        Assert.Null(await mirrors.ValueOfAsync(mirror, "/a", Ending));

        await TellAsync(node, device, 1);
        var first = (await mirrors.ValueOfAsync(mirror, "/a", Ending))!;
        await TellAsync(node, device, 2);
        var second = (await mirrors.ValueOfAsync(mirror, "/a", Ending))!;
        await node.Store.WriteAsync((context, token) => MirrorStore.RemoveValueAsync(context, _user, OneCloud, device, "/a", token), Ending);
        Assert.Null(await mirrors.ValueOfAsync(mirror, "/a", Ending));
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        await TellAsync(node, device, 3);
        var third = (await mirrors.ValueOfAsync(mirror, "/a", Ending))!;

        Assert.Equal<byte>([2], second.Representation.ToArray());
        Assert.Equal(60, second.ContentFormat);
        Assert.True(first.Version < second.Version && second.Version < third.Version);
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task The_cache_asks_once_and_again_after_each_hint(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (cache, device) = (node.Get<MirrorCache>(), CloudNode.NewDevice());

        Assert.Null(await cache.FindAsync(_user, device, Ending));
        await PutAsync(node, OneCloud, device, online: true, Links.Of("/a"));
        await node.DispatchAsync();
        Assert.True((await cache.FindAsync(_user, device, Ending))!.Online);
        using (var statements = new StatementRecorder(node))
        {
            await cache.FindAsync(_user, device, Ending);
            Assert.Empty(statements.All);
        }

        await node.Store.WriteAsync((context, token) => node.Get<MirrorStore>().SetOnlineAsync(context, _user, OneCloud, [device], online: false, token), Ending);
        await node.DispatchAsync();
        Assert.False((await cache.FindAsync(_user, device, Ending))!.Online);
        await node.RegisterAsync(_user, device);
        await node.DispatchAsync();
        Assert.Null(await cache.FindAsync(_user, device, Ending));
        await node.Accounts.RemoveAsync(device, _user, Ending);
        await node.DispatchAsync();
        Assert.NotNull(await cache.FindAsync(_user, device, Ending));
        await node.Store.WriteAsync((context, token) => node.Get<MirrorStore>().RemoveAllAsync(context, _user, OneCloud, token), Ending);
        await node.DispatchAsync();
        Assert.Null(await cache.FindAsync(_user, device, Ending));
    }

    [Fact]
    public async Task Devices_that_are_not_there_ask_the_store_once_a_user_where_nothing_is_mirrored_and_are_not_kept()
    {
        var node = await Stores.OnAsync(StoreProvider.Sqlite);
        var (cache, device) = (node.Get<MirrorCache>(), CloudNode.NewDevice());
        Assert.Null(await cache.FindAsync(_user, device, Ending));
        using (var statements = new StatementRecorder(node))
        {
            for (var i = 0; i < 10; i++) Assert.Null(await cache.FindAsync(_user, CloudNode.NewDevice(), Ending));
            Assert.Empty(statements.All);
        }

        await PutAsync(node, OneCloud, device, online: true, Links.Of("/a"));
        await node.DispatchAsync();
        Assert.NotNull(await cache.FindAsync(_user, device, Ending));
        for (var i = 0; i < 10; i++) Assert.Null(await cache.FindAsync(_user, CloudNode.NewDevice(), Ending));
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public async Task The_cache_forgets_all_after_a_hint_that_says_so_and_what_was_read_before_it()
    {
        var node = await Stores.OnAsync(StoreProvider.Sqlite);
        var (cache, device) = (node.Get<MirrorCache>(), CloudNode.NewDevice());
        Assert.Null(await cache.FindAsync(_user, device, Ending));
        await PutAsync(node, OneCloud, device, online: true, Links.Of("/a"));

        node.Get<Hints>().Publish(Hint.Everything);

        Assert.NotNull(await cache.FindAsync(_user, device, Ending));
    }

    [Fact]
    public async Task What_was_read_before_a_change_is_never_kept_after_it()
    {
        var node = await Stores.OnAsync(StoreProvider.PostgreSql);
        var (cache, hints, device) = (node.Get<MirrorCache>(), node.Get<Hints>(), CloudNode.NewDevice());
        await PutAsync(node, OneCloud, device, online: true, Links.Of("/a"));
        for (var round = 0; round < 3000; round++)
        {
            var reading = cache.FindAsync(_user, device, Ending).AsTask();
            hints.Publish(new Hint(EventKind.MirrorChanged, _user, device, 0));

            // Looked at on this thread all the time while the other one ends the reading.
            while (!reading.IsCompleted) Assert.Equal(0, cache.Count);
            Assert.Equal(0, cache.Count);
            Assert.NotNull(await reading);
        }
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task No_subscriber_here_hears_of_devices_of_other_clouds(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = CloudNode.NewDevice();
        var subscriber = await Subscriber.OnAsync(node, _user);
        await node.DispatchAsync();
        var told = (await subscriber.WaitingAsync()).Length;

        await PutAsync(node, OneCloud, device, online: true, Links.Of("/a"));
        await TellAsync(node, device, 1);
        await node.Store.WriteAsync((context, token) => node.Get<MirrorStore>().SetOnlineAsync(context, _user, OneCloud, [device], online: false, token), Ending);
        await node.Store.WriteAsync((context, token) => node.Get<MirrorStore>().RemoveAsync(context, _user, OneCloud, [device], token), Ending);
        await node.DispatchAsync();

        Assert.Equal(4, told);
        Assert.Empty(await subscriber.AfterAsync(told));
        Assert.Empty(await node.EventsAsync(_user));
    }

    private Task PutAsync(CloudNode node, Guid cloud, DeviceId device, bool online, params ResourceLink[] links) => node.Store.WriteAsync(
        (context, token) => node.Get<MirrorStore>().PutAsync(context, _user, cloud, [new MirroredContent(device, "lamp", ["oic.d.light"], online, links)], token), Ending);

    private Task<bool> TellAsync(CloudNode node, DeviceId device, byte value) => node.Store.WriteAsync(
        (context, token) => node.Get<MirrorStore>().SetValueAsync(context, _user, OneCloud, device, "/a", new[] { value }, 60, token), Ending);

    private async Task<string[]> HrefsAsync(MirrorStore mirrors, DiscoveryQuery query) =>
        [.. (await mirrors.DiscoverAsync(_user, query, Ending)).Select(link => link.Link.Href.Value)];
}
