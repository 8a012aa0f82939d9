using System.Text;
using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Mirrors;

/// <summary>What another cloud tells becomes what readers see, with a hint where something changed and none where nothing did.</summary>
public sealed class MirrorWritingTests(Stores stores) : StoreTests(stores)
{
    private readonly UserId _user = UserId.New();
    private readonly Guid _cloud = Guid.NewGuid();

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Devices_are_put_compared_and_changed(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var mirrors = node.Get<MirrorStore>();
        var (stays, changes, goes) = (Told("stays", true, "/a", "/b"), Told("changes", true, "/a", "/b"), Told("goes", false));
        await PutAsync(node, stays, changes, goes);
        var changed = changes with { Name = "changed", Online = false, Links = [Links.Of("/b", rt: "x.other"), Links.Of("/c")] };
        var comes = Told("comes", true);

        var difference = await mirrors.CompareAsync(_user, _cloud, [stays, changed, comes], Ending);

        Assert.Equal([changed, comes], difference.Changed);
        Assert.Equal([goes.Device], difference.Gone);
        await PutAsync(node, [.. difference.Changed]);
        await WriteAsync(node, (context, token) => mirrors.RemoveAsync(context, _user, _cloud, difference.Gone, token));
        Assert.Equal(
            new[] { ("changed", false), ("comes", true), ("stays", true) }, (await mirrors.ListAsync(_user, Ending)).Select(d => (d.Name, d.Online)).Order());
        var links = await mirrors.LinksOfAsync((await mirrors.FindAsync(_user, changed.Device, Ending))!, Ending);
        Assert.Equal([("/b", "x.other"), ("/c", "oic.r.switch.binary")], links.Select(l => (l.Href.Value, l.Rt[0])));
        var after = await mirrors.CompareAsync(_user, _cloud, [stays, changed, comes], Ending);
        Assert.Empty(after.Changed);
        Assert.Empty(after.Gone);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Only_what_changes_is_hinted_and_many_at_once_by_one_hint(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var many = Enumerable.Range(0, 20).Select(i => Told($"device {i}", true, "/a")).ToArray();

        await PutAsync(node, many);
        Assert.Equal([(EventKind.MirrorChanged, null)], await HintsAsync(node));
        await PutAsync(node, many);
        Assert.Empty(await HintsAsync(node));
        await PutAsync(node, many[0], many[1] with { Online = false });
        Assert.Equal([(EventKind.MirrorChanged, many[1].Device)], await HintsAsync(node));
        await WriteAsync(node, (context, token) => node.Get<MirrorStore>().SetOnlineAsync(context, _user, _cloud, [.. many.Select(d => d.Device)], true, token));
        Assert.Equal([(EventKind.MirrorChanged, many[1].Device)], await HintsAsync(node));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Links_are_published_up_to_the_bound_and_unpublished_with_their_values(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var mirrors = node.Get<MirrorStore>();
        var light = Told("light", true, "/a");
        await PutAsync(node, light);
        var mirrored = (await mirrors.FindAsync(_user, light.Device, Ending))!;

        Assert.True(await PublishAsync(node, light.Device, "/a", "/b", "/c", "/d"));
        Assert.False(await PublishAsync(node, DeviceId.New(), "/a"));
        Assert.Equal(["/a", "/b", "/c"], (await mirrors.LinksOfAsync(mirrored, Ending)).Select(l => l.Href.Value));

        Assert.True(await SetValueAsync(node, light.Device, "1"));
        var first = (await mirrors.ValueOfAsync(mirrored, "/a", Ending))!;
        Assert.True(await SetValueAsync(node, light.Device, "2"));
        var second = (await mirrors.ValueOfAsync(mirrored, "/a", Ending))!;
        Assert.Equal(("2", 50), (Encoding.UTF8.GetString(second.Representation.Span), second.ContentFormat));
        Assert.True(second.Version > first.Version);
        Assert.False(await SetValueAsync(node, DeviceId.New(), "3"));

        await WriteAsync(node, (context, token) => mirrors.UnpublishAsync(context, _user, _cloud, light.Device, ["/a", "/none"], token));
        Assert.Equal(["/b", "/c"], (await mirrors.LinksOfAsync(mirrored, Ending)).Select(l => l.Href.Value));
        Assert.Null(await mirrors.ValueOfAsync(mirrored, "/a", Ending));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_value_that_is_told_again_is_no_news(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var mirrors = node.Get<MirrorStore>();
        var light = Told("light", true, "/a");
        await PutAsync(node, light);
        var mirrored = (await mirrors.FindAsync(_user, light.Device, Ending))!;
        await SetValueAsync(node, light.Device, "1");
        var first = (await mirrors.ValueOfAsync(mirrored, "/a", Ending))!;
        await HintsAsync(node);

        Assert.True(await SetValueAsync(node, light.Device, "1"));

        Assert.Equal(first.Version, (await mirrors.ValueOfAsync(mirrored, "/a", Ending))!.Version);
        Assert.Empty(await HintsAsync(node));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task The_links_that_are_all_take_the_others_away(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var mirrors = node.Get<MirrorStore>();
        var light = Told("light", true, "/a", "/b", "/c");
        await PutAsync(node, light);
        var mirrored = (await mirrors.FindAsync(_user, light.Device, Ending))!;
        await SetValueAsync(node, light.Device, "1");

        await WriteAsync(node, (context, token) => mirrors.PublishAsync(
            context, _user, _cloud, light.Device, [Links.Of("/c"), Links.Of("/d"), Links.Of("/e")], maxLinks: 3, areAll: true, token));

        Assert.Equal(["/c", "/d", "/e"], (await mirrors.LinksOfAsync(mirrored, Ending)).Select(l => l.Href.Value));
        Assert.Null(await mirrors.ValueOfAsync(mirrored, "/a", Ending));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Two_clouds_and_users_do_not_touch_each_other_s(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var mirrors = node.Get<MirrorStore>();
        var light = Told("light", true, "/a");
        var (otherUser, otherCloud) = (UserId.New(), Guid.NewGuid());
        await PutAsync(node, light);
        await WriteAsync(node, (context, token) => mirrors.PutAsync(context, otherUser, _cloud, [light], token));
        await WriteAsync(node, (context, token) => mirrors.PutAsync(context, _user, otherCloud, [light], token));

        await WriteAsync(node, (context, token) => mirrors.RemoveAllAsync(context, _user, _cloud, token));

        Assert.Equal(0, await mirrors.CountAsync(_user, _cloud, Ending));
        Assert.Equal(1, await mirrors.CountAsync(otherUser, _cloud, Ending));
        Assert.Equal(1, await mirrors.CountAsync(_user, otherCloud, Ending));
        Assert.Equal([light.Device], (await mirrors.ListAsync(_user, Ending)).Select(d => d.Device));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Nothing_is_mirrored_for_a_user_who_is_gone(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        await node.Get<UserErasure>().EraseAsync(_user, Ending);

        await PutAsync(node, Told("light", true, "/a"));

        Assert.Equal(0, await node.Get<MirrorStore>().CountAsync(_user, _cloud, Ending));
    }

    private static MirroredContent Told(string name, bool online, params string[] hrefs) =>
        new(DeviceId.New(), name, ["oic.d.light"], online, [.. hrefs.Select(href => Links.Of(href))]);

    private static Task WriteAsync(CloudNode node, Func<CloudDbContext, CancellationToken, Task> work) => node.Store.WriteAsync(work, Ending);

    private Task PutAsync(CloudNode node, params MirroredContent[] told) =>
        WriteAsync(node, (context, token) => node.Get<MirrorStore>().PutAsync(context, _user, _cloud, told, token));

    private Task<bool> PublishAsync(CloudNode node, DeviceId device, params string[] hrefs) => node.Store.WriteAsync(
        (context, token) => node.Get<MirrorStore>().PublishAsync(context, _user, _cloud, device, [.. hrefs.Select(href => Links.Of(href))], maxLinks: 3, areAll: false, token), Ending);

    private Task<bool> SetValueAsync(CloudNode node, DeviceId device, string value) => node.Store.WriteAsync(
        (context, token) => node.Get<MirrorStore>().SetValueAsync(context, _user, _cloud, device, "/a", Encoding.UTF8.GetBytes(value), 50, token), Ending);

    // Those since they were last looked at.
    private async Task<(EventKind Kind, DeviceId? Device)[]> HintsAsync(CloudNode node)
    {
        var events = await node.EventsAsync(_user);
        await WriteAsync(node, (context, token) => context.Set<OutboxRow>().Where(row => row.UserId == _user).ExecuteDeleteAsync(token));
        return [.. events.Select(row => (row.Kind, row.DeviceId))];
    }
}
