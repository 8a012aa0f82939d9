using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Devices;

/// <summary>cloud-to-cloud.md, 1.3: what lists of devices are written from.</summary>
public sealed class DeviceListingTests(Stores stores) : StoreTests(stores)
{
    private static readonly byte[] Known = [0xa1, 0x61, 0x76, 0xf5];

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Pages_follow_one_another_in_order_of_id_without_a_gap_or_a_repeat(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var user = UserId.New();
        var devices = new List<DeviceId>();
        for (var i = 0; i < 25; i++) devices.Add((await node.RegisterAsync(user)).Id);
        await node.RegisterAsync();

        var read = new List<DeviceId>();
        DeviceId? last = null;
        var pages = 0;
        while (await PageAsync(node, user, last, 10) is { Count: > 0 } page)
        {
            read.AddRange(page.Select(d => d.DeviceId));
            last = page[^1].DeviceId;
            pages++;
        }

        Assert.Equal(3, pages);
        Assert.Equal(devices.OrderBy(d => d.ToString(), StringComparer.Ordinal), read);
        Assert.Empty(await PageAsync(node, UserId.New(), null, 10));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_device_has_its_own_links_and_of_the_twin_what_was_asked_for(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var bare = await node.RegisterAsync();
        var device = await node.RegisterAsync(bare.User);
        var session = await node.SignInAsync(device);
        await node.Online.FlushAsync(Ending);
        await node.PublishAsync(device, "/oic/d", "/Z", "/a");
        foreach (var href in new[] { "/oic/p", "/oic/d", "/a", "/Z" }) node.Twins.Changed(device.Id, device.User, session, href, Known, 10000);
        await node.Twins.FlushAsync(Ending);

        var listed = (await PageAsync(node, device.User, null, 10)).ToDictionary(d => d.DeviceId);
        var all = await node.Get<DeviceListing>().FindAsync(device.User, device.Id, DeviceContent.All, Ending);

        Assert.Equal(2, listed.Count);
        Assert.True(listed[device.Id].Online);
        Assert.Equal(["/oic/d", "/Z", "/a"], listed[device.Id].Links.Select(l => l.Href.Value));
        Assert.Equal(["/oic/d", "/oic/p"], listed[device.Id].Representations.Select(r => r.Href));
        Assert.False(listed[bare.Id].Online);
        Assert.Empty(listed[bare.Id].Links);
        Assert.Empty(listed[bare.Id].Representations);
        Assert.Equal(["/oic/d"], all!.Links.Select(l => l.Href.Value));
        Assert.Equal(["/Z", "/a", "/oic/d", "/oic/p"], all.Representations.Select(r => r.Href));
        Assert.Equal(Known, all.Representations[0].Representation.ToArray());
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_link_past_its_ttl_and_a_device_of_somebody_else_are_not_there(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        await node.Directory.PublishAsync(device.Id, device.User, [Links.Of("/short")], TimeSpan.FromSeconds(5), Ending);
        await node.Directory.PublishAsync(device.Id, device.User, [Links.Of("/long")], null, Ending);
        Assert.True(await node.Directory.IsPublishedAsync(device.Id, "/short", Ending));

        node.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(["/long"], (await node.Get<DeviceListing>().FindAsync(device.User, device.Id, DeviceContent.Base, Ending))!.Links.Select(l => l.Href.Value));
        Assert.False(await node.Directory.IsPublishedAsync(device.Id, "/short", Ending));
        Assert.Null(await node.Get<DeviceListing>().FindAsync(UserId.New(), device.Id, DeviceContent.Base, Ending));
        Assert.Null(await node.Get<DeviceListing>().FindAsync(device.User, DeviceId.New(), DeviceContent.Base, Ending));
    }

    private static async Task<IReadOnlyList<DeviceDetails>> PageAsync(CloudNode node, UserId user, DeviceId? after, int most)
    {
        var listing = node.Get<DeviceListing>();
        var ids = await listing.PageAsync(user, after, most, Ending);
        // Those of nobody are left out.
        return await listing.ReadAsync(user, [.. ids.Reverse(), DeviceId.New()], DeviceContent.Base, Ending);
    }
}
