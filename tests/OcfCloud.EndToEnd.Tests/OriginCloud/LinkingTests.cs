using System.Net;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.DevicesApi;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.OriginCloud;

/// <summary>A user links an account of a cloud that is not ours, and takes it back.</summary>
[Collection(nameof(LinkingCloud))]
public sealed class LinkingTests(LinkingCloud fixture) : IDisposable
{
    private StrictTarget Target => fixture.Target;

    [Fact]
    public async Task Devices_of_a_linked_account_stand_beside_the_users_own()
    {
        var alice = await fixture.LinkerAsync();
        await using var own = new TestDevice(fixture.Cloud, ("/light", "oic.r.light"));
        await own.JoinAsync(alice.User);
        await alice.LinkAsync();
        await alice.WaitForMirrorsAsync();

        var links = await alice.Client.DiscoverAsync();
        Assert.Contains(own.PathOf("/light"), links);
        Assert.Contains($"/{StrictTarget.Light}/light", links);
        Assert.Contains($"/{StrictTarget.Sensor}/temperature", links);
        var state = await Target.StateAsync();
        Assert.Equal((1, 1), (state.AccessTokens, state.RefreshTokens));
        Assert.InRange(state.CountOf("GET devices"), 1, 2);
        Assert.Equal(0, state.CountOf("GET resource"));
        await alice.ShowAsync();
        Assert.Contains($"{state.Devices.Count}", alice.Browser.Text, StringComparison.Ordinal);
        await alice.Browser.FollowAsync("My devices");
        Assert.Contains("Strict light", alice.Browser.Text, StringComparison.Ordinal);
        Assert.Contains(LinkingCloud.Name, alice.Browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mirrored_device_is_never_served_to_other_clouds()
    {
        var alice = await fixture.LinkedAsync();

        Assert.DoesNotContain(StrictTarget.Light, (await alice.User.DevicesAsync()).Keys);
        await alice.User.GetAsync($"/{StrictTarget.Light}").RefusedAsync(HttpStatusCode.NotFound);
        await alice.User.GetAsync($"/{StrictTarget.Light}/light").RefusedAsync(HttpStatusCode.NotFound);
        Assert.Equal(0, (await Target.StateAsync()).CountOf("GET resource"));
    }

    [Fact]
    public async Task Linking_again_replaces_the_link_and_unlinking_then_leaves_nothing_of_either()
    {
        var alice = await fixture.LinkedAsync();
        var before = (await Target.StateAsync()).Subscriptions.Select(s => s.Id).ToList();

        await alice.LinkAsync();

        await Eventually.EqualAsync(0, async () => (await Target.StateAsync()).Subscriptions.Count(s => before.Contains(s.Id)));
        await alice.WaitForMirrorsAsync();
        Assert.Equal("2.05", await alice.CodeOfAsync(StrictTarget.Light, "/light"));

        // Of the old link there are tokens until then: to revoke them might end the new ones (RFC 7009, 2.1).
        await alice.UnlinkAsync();
        await Eventually.EqualAsync((0, 0, 0), async () => await Target.StateAsync() is var state ? (state.Subscriptions.Count, state.AccessTokens, state.RefreshTokens) : default);
    }

    [Fact]
    public async Task Unlinking_leaves_nothing_on_either_side()
    {
        var alice = await fixture.LinkedAsync();
        var observed = await alice.Client.ObserveAsync($"/{StrictTarget.Light}/light");
        await observed.NextMapAsync();

        await alice.UnlinkAsync();

        Assert.True(alice.Browser.HasButton("Link"), alice.Browser.Text);
        await alice.WaitForLinkAsync(StrictTarget.Light, "/light", isThere: false);
        await Eventually.EqualAsync("4.04", () => alice.CodeOfAsync(StrictTarget.Light, "/light"));
        await Eventually.EqualAsync((0, 0, 0), async () => await Target.StateAsync() is var state ? (state.Subscriptions.Count, state.AccessTokens, state.RefreshTokens) : default);
    }

    [Fact]
    public async Task A_denial_is_told_in_words_and_links_nothing()
    {
        var carol = await fixture.LinkerAsync("carol");

        await carol.LinkAsync("Deny");

        Assert.Contains("not allowed", carol.Browser.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, (await Target.StateAsync()).CountOf("token"));
        await carol.ShowAsync();
        Assert.True(carol.Browser.HasButton("Link"), carol.Browser.Text);
    }

    [Fact]
    public async Task A_token_endpoint_that_is_wrong_is_told_in_words()
    {
        var carol = await fixture.LinkerAsync("carol");
        foreach (var mode in new[] { "error", "rubbish", "redirect", "cut" })
        {
            await Target.MisbehaveAsync(mode, where: "token");
            await carol.StartLinkingAsync();
            await carol.Browser.ClickAsync("Allow");
            Assert.Equal(fixture.Cloud.Https.Port, carol.Browser.Url.Port);
            Assert.InRange((int)carol.Browser.Status, 200, 502);
            Assert.Contains(LinkingCloud.Name, carol.Browser.Text, StringComparison.OrdinalIgnoreCase);
            await carol.ShowAsync();
            Assert.True(carol.Browser.HasButton("Link"), carol.Browser.Text);
        }
    }

    public void Dispose() => fixture.AssertNothingRefused();
}
