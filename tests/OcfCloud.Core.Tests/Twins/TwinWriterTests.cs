using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;
using OcfCloud.Core.Twins;

namespace OcfCloud.Core.Tests.Twins;

/// <summary>architecture.md, Twin; device-to-cloud.md, 10.</summary>
public sealed class TwinWriterTests(Stores stores) : StoreTests(stores)
{
    private static readonly byte[] On = [0xa1, 0x61, 0x76, 0xf5], Off = [0xa1, 0x61, 0x76, 0xf4];

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task The_newest_of_each_resource_is_kept_with_its_time(StoreProvider provider)
    {
        var (node, device, session) = await SignedInAsync(provider);
        Changed(node, device, session, "/a", Off);
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        Changed(node, device, session, "/a", On);
        Changed(node, device, session, "/b", Off);
        var changed = node.Clock.GetUtcNow();
        node.Clock.Advance(TimeSpan.FromSeconds(1));

        await node.Twins.FlushAsync(Ending);

        var known = await node.Get<TwinStore>().OfDeviceAsync(device.Id, Ending);
        Assert.Equal(["/a", "/b"], known.Select(t => t.Href));
        Assert.Equal(On, known[0].Representation.ToArray());
        Assert.Equal((10000, changed), (known[0].ContentFormat, known[0].ChangedAt));
        Assert.Null(await node.Get<TwinStore>().FindAsync(device.Id, "/c", Ending));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Unchanged_bytes_are_no_change(StoreProvider provider)
    {
        var (node, device, session) = await SignedInAsync(provider);
        Changed(node, device, session, "/a", On);
        await node.Twins.FlushAsync(Ending);
        var first = node.Clock.GetUtcNow();
        node.Clock.Advance(TimeSpan.FromSeconds(5));

        Changed(node, device, session, "/a", On);
        await node.Twins.FlushAsync(Ending);
        Assert.Equal(first, (await FindAsync(node, device, "/a"))!.ChangedAt);
        Changed(node, device, session, "/a", Off);
        await node.Twins.FlushAsync(Ending);
        Assert.Equal(first.AddSeconds(5), (await FindAsync(node, device, "/a"))!.ChangedAt);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_comes_from_an_older_session_is_dropped(StoreProvider provider)
    {
        var (node, device, older) = await SignedInAsync(provider);
        var newer = await node.SignInAsync(device);
        await node.Online.FlushAsync(Ending);
        Changed(node, device, newer, "/a", On);
        await node.Twins.FlushAsync(Ending);

        Changed(node, device, older, "/a", Off);
        Changed(node, device, older, "/b", Off);
        await node.Twins.FlushAsync(Ending);

        Assert.Equal(On, (await FindAsync(node, device, "/a"))!.Representation.ToArray());
        Assert.Null(await FindAsync(node, device, "/b"));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task In_the_queue_too_an_older_session_gives_way(StoreProvider provider)
    {
        var (node, device, older) = await SignedInAsync(provider);
        var newer = await node.SignInAsync(device);
        Changed(node, device, newer, "/a", On);
        Changed(node, device, older, "/a", Off);

        await node.Twins.FlushAsync(Ending);

        Assert.Equal(On, (await FindAsync(node, device, "/a"))!.Representation.ToArray());
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_life_before_the_last_registration_writes_nothing(StoreProvider provider)
    {
        var (node, device, session) = await SignedInAsync(provider);
        Changed(node, device, session, "/a", On);
        await node.Accounts.RemoveAsync(device.Id, null, Ending);
        var back = await node.RegisterAsync(UserId.New(), device.Id);
        await node.PublishAsync(back, "/a");

        await node.Twins.FlushAsync(Ending);

        Assert.Null(await FindAsync(node, device, "/a"));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task The_name_is_that_of_oic_d(StoreProvider provider)
    {
        var (node, device, session) = await SignedInAsync(provider);
        // {"n": "Lamp"} as CBOR, then {"n":"Küche"} as JSON, then no name that can be shown.
        byte[] lamp = [0xbf, 0x61, 0x6e, 0x64, 0x4c, 0x61, 0x6d, 0x70, 0xff];

        Changed(node, device, session, "/oic/d", lamp);
        await node.Twins.FlushAsync(Ending);
        Assert.Equal("Lamp", await NameAsync(node, device));
        node.Twins.Changed(device.Id, device.User, session, "/oic/d", "{\"n\":\"Küche\"}"u8, 50);
        await node.Twins.FlushAsync(Ending);
        Assert.Equal("Küche", await NameAsync(node, device));
        foreach (var bad in new[] { [0xa0], [0xff], [0xa1, 0x61, 0x6e, 0x01], [0xa1, 0x61, 0x6e, 0x60], (byte[])[0xa1, 0x61, 0x6e, 0x61, 0x00] })
        {
            Changed(node, device, session, "/oic/d", bad);
            await node.Twins.FlushAsync(Ending);
        }
        Assert.Equal("Küche", await NameAsync(node, device));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_is_not_published_is_not_kept_but_for_the_devices_own(StoreProvider provider)
    {
        var (node, device, session) = await SignedInAsync(provider);
        foreach (var href in new[] { "/x", "/oic/res", "/oic/d", "/oic/p", "/a\0", "/a?q", "a", "/" + new string('x', 300) }) Changed(node, device, session, href, On);
        node.Twins.Changed(CloudNode.NewDevice(), device.User, session, "/a", On, 10000);
        node.Twins.Changed(device.Id, UserId.New(), session, "/b", On, 10000);

        await node.Twins.FlushAsync(Ending);

        Assert.Equal(["/oic/d", "/oic/p"], (await node.Get<TwinStore>().OfDeviceAsync(device.Id, Ending)).Select(t => t.Href));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task An_unpublished_link_takes_its_twin_along_and_the_devices_own_stay(StoreProvider provider)
    {
        var (node, device, session) = await SignedInAsync(provider);
        await node.PublishAsync(device, "/oic/d");
        foreach (var href in new[] { "/a", "/b", "/oic/d" }) Changed(node, device, session, href, On);
        await node.Twins.FlushAsync(Ending);

        await node.Directory.UnpublishAsync(device.Id, device.User, [1, 3], Ending);

        Assert.Equal(["/b", "/oic/d"], (await node.Get<TwinStore>().OfDeviceAsync(device.Id, Ending)).Select(t => t.Href));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_twin_that_is_turned_off_forgets_and_keeps_nothing(StoreProvider provider)
    {
        var (node, device, session) = await SignedInAsync(provider);
        Changed(node, device, session, "/a", On);
        Changed(node, device, session, "/oic/d", [0xa1, 0x61, 0x6e, 0x61, 0x78]);
        await node.Twins.FlushAsync(Ending);
        Changed(node, device, session, "/a", Off);

        Assert.True(await node.Accounts.SetTwinAsync(device.Id, device.User, false, Ending));
        await node.Twins.FlushAsync(Ending);

        Assert.Empty(await node.Get<TwinStore>().OfDeviceAsync(device.Id, Ending));
        var line = Assert.Single(await node.Accounts.ListAsync(device.User, Ending));
        Assert.Equal((null, false), (line.Name, line.TwinEnabled));
        Assert.False((await node.Accounts.SignInAsync(device.Id, device.User, device.AccessToken, Ending)).TwinEnabled);
        Assert.True(await node.Accounts.SetTwinAsync(device.Id, device.User, true, Ending));
        Changed(node, device, session, "/a", On);
        await node.Twins.FlushAsync(Ending);
        Assert.Single(await node.Get<TwinStore>().OfDeviceAsync(device.Id, Ending));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_is_too_large_or_too_much_is_dropped(StoreProvider provider)
    {
        var (node, device, session) = await SignedInAsync(provider);
        await node.PublishAsync(device, [.. Enumerable.Range(0, 12).Select(i => $"/{i}")]);
        Changed(node, device, session, "/a", new byte[1025]);
        // 8,192 bytes may wait.
        for (var i = 0; i < 12; i++) Changed(node, device, session, $"/{i}", new byte[1000]);

        await node.Twins.FlushAsync(Ending);

        Assert.Equal(8, (await node.Get<TwinStore>().OfDeviceAsync(device.Id, Ending)).Count);
        Assert.Contains(node.Log.Lines, line => line.Contains("dropped", StringComparison.Ordinal));
        Changed(node, device, session, "/11", new byte[1000]);
        await node.Twins.FlushAsync(Ending);
        Assert.NotNull(await FindAsync(node, device, "/11"));
    }

    private static void Changed(CloudNode node, RegisteredDevice device, long session, string href, byte[] representation) =>
        node.Twins.Changed(device.Id, device.User, session, href, representation, 10000);

    private static Task<TwinRepresentation?> FindAsync(CloudNode node, RegisteredDevice device, string href) =>
        node.Get<TwinStore>().FindAsync(device.Id, href, Ending);

    private static async Task<string?> NameAsync(CloudNode node, RegisteredDevice device) => Assert.Single(await node.Accounts.ListAsync(device.User, Ending)).Name;

    private async Task<(CloudNode Node, RegisteredDevice Device, long Session)> SignedInAsync(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        var session = await node.SignInAsync(device);
        await node.Online.FlushAsync(Ending);
        await node.PublishAsync(device, "/a", "/b", "/c");
        return (node, device, session);
    }
}
