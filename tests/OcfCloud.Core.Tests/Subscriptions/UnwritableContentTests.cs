using System.Text;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Subscriptions;

/// <summary>Whatever a device says: the events of others go on.</summary>
public sealed class UnwritableContentTests(Stores stores) : StoreTests(stores)
{
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_representation_that_cannot_be_written_is_told_as_it_came_and_others_hear_theirs(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (device, session) = await PublishedAsync(node, Links.Of("/a"), Links.Of("/b"));
        var (changed, known) = (await Subscriber.OnAsync(node, device.User, device.Id, "/a"), await Subscriber.OnAsync(node, UserId.New()));
        await node.DispatchAsync();
        foreach (var href in new[] { "/a", "/b" }) node.Twins.Changed(device.Id, device.User, session, href, Encoding.UTF8.GetBytes(href), 60);
        await node.Twins.FlushAsync(Ending);
        // The actual state of /b is told first, beside the change of /a.
        var first = await Subscriber.OnAsync(node, device.User, device.Id, "/b");

        await FailingAsync(node, int.MaxValue);

        var rows = (await changed.RowsAsync()).Concat(await first.RowsAsync());
        Assert.Equal([("application/octet-stream", "/a"), ("application/octet-stream", "/b")], rows.Select(n => (n.ContentType, Encoding.UTF8.GetString(n.Body))));
        Assert.Contains(node.Log.Lines, line => line.Contains("could not be written", StringComparison.Ordinal));
        Assert.Equal(4, (await known.WaitingAsync()).Length);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Links_that_cannot_be_written_are_told_without_what_they_carry_along(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (device, _) = await PublishedAsync(node, Links.Of("/a", "x.a", "oic.if.s", 1, new LinkParameter("title", new byte[] { 0x61, 0x41 })));
        var first = await Subscriber.OnAsync(node, device.User, device.Id, kinds: [EventKind.ResourcesPublished]);

        await FailingAsync(node, 1);
        await node.Directory.PublishAsync(device.Id, device.User, [Links.Of("/b", "x.a", "oic.if.s", 1, new LinkParameter("title", new byte[] { 0x61, 0x42 }))], null, Ending);
        await FailingAsync(node, 1);

        Assert.Equal(["0 ResourcesPublished [/a(x.a;oic.if.s;1)]", "1 ResourcesPublished [/b(x.a;oic.if.s;1)]"], await first.WaitingAsync());
    }

    private static async Task<(RegisteredDevice Device, long Session)> PublishedAsync(CloudNode node, params ResourceLink[] links)
    {
        var device = await node.RegisterAsync();
        var session = await node.SignInAsync(device);
        await node.Online.FlushAsync(Ending);
        await node.Directory.PublishAsync(device.Id, device.User, links, null, Ending);
        await node.DispatchAsync();
        return (device, session);
    }

    private static async Task FailingAsync(CloudNode node, int times)
    {
        node.Bodies.Writing = () =>
        {
            if (times-- > 0) throw new InvalidOperationException("unwritable");
        };
        await node.DispatchAsync();
        node.Bodies.Writing = null;
    }
}
