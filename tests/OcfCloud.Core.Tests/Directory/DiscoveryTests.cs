using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Directory;

/// <summary>device-to-cloud.md, 7: what an answer holds.</summary>
public sealed class DiscoveryTests(Stores stores) : StoreTests(stores)
{
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Values_of_one_filter_are_alternatives_and_filters_narrow_each_other(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var user = UserId.New();
        var (light, sensor) = (await node.RegisterAsync(user), await node.RegisterAsync(user));
        await node.Directory.PublishAsync(light.Id, user, [Links.Of("/light", "oic.r.switch.binary x.light", "oic.if.a oic.if.baseline"), Links.Of("/dim", "oic.r.light.dimming", "oic.if.a")], null, Ending);
        await node.Directory.PublishAsync(sensor.Id, user, [Links.Of("/temp", "oic.r.temperature", "oic.if.s oic.if.baseline")], null, Ending);
        var stranger = await node.RegisterAsync();
        await node.PublishAsync(stranger, "/light");

        async Task<string[]> FindAsync(string[]? rt = null, string[]? @if = null, DeviceId[]? di = null) =>
            [.. (await node.Directory.DiscoverAsync(user, new DiscoveryQuery { Rt = rt ?? [], If = @if ?? [], Di = di ?? [] }, Ending)).Select(l => l.Link.Href.Value).Order()];

        Assert.Equal(["/dim", "/light", "/temp"], await FindAsync());
        Assert.Equal(["/light"], await FindAsync(rt: ["x.light"]));
        Assert.Equal(["/dim", "/temp"], await FindAsync(rt: ["oic.r.temperature", "oic.r.light.dimming", "none"]));
        Assert.Equal(["/light", "/temp"], await FindAsync(@if: ["oic.if.baseline"]));
        Assert.Equal(["/temp"], await FindAsync(rt: ["oic.r.temperature", "oic.r.light.dimming"], @if: ["oic.if.s"]));
        Assert.Equal(["/dim", "/light"], await FindAsync(di: [light.Id]));
        Assert.Equal(["/dim", "/light", "/temp"], await FindAsync(di: [light.Id, sensor.Id, stranger.Id]));
        Assert.Equal(["/light"], await FindAsync(rt: ["oic.r.switch.binary"], di: [light.Id]));
        Assert.Empty(await FindAsync(di: [stranger.Id]));
        Assert.Empty(await FindAsync(rt: ["oic.r.switch"]));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Links_come_in_order_of_device_and_number_and_stay_while_a_device_is_offline(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var user = UserId.New();
        var devices = new List<RegisteredDevice>();
        for (var i = 0; i < 4; i++)
        {
            devices.Add(await node.RegisterAsync(user));
            await node.PublishAsync(devices[^1], "/z", "/a");
        }
        var session = await node.SignInAsync(devices[0]);
        await node.Online.FlushAsync(Ending);
        node.Online.SignedOut(devices[0].Id, session);
        await node.Online.FlushAsync(Ending);

        var found = await node.Directory.DiscoverAsync(user, DiscoveryQuery.All, Ending);

        Assert.Equal(8, found.Count);
        Assert.All(found.Chunk(2), two => Assert.Equal([(two[0].DeviceId, 1, "/z"), (two[0].DeviceId, 2, "/a")], two.Select(l => (l.DeviceId, l.Ins, l.Link.Href.Value))));
        Assert.Equal(4, found.Select(l => l.DeviceId).Distinct().Count());
        Assert.Equal(found.Select(l => (l.DeviceId, l.Ins)), (await node.Directory.DiscoverAsync(user, DiscoveryQuery.All, Ending)).Select(l => (l.DeviceId, l.Ins)));
    }
}
