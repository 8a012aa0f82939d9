using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Identity.Grants;
using OcfCloud.Testing;

namespace OcfCloud.Console.Tests.Authorization;

/// <summary>Every way to take access back, each within five seconds (cloud-to-cloud.md, 1.2).</summary>
public sealed partial class RevocationTests(PostgreSqlFixture postgreSql) : IDisposable
{
    private static readonly TimeSpan FiveSeconds = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task With_a_refresh_token_go_its_access_tokens(StoreProvider provider)
    {
        await using var cloud = await TestCloud.StartAsync(provider, _folder, postgreSql, _time);
        var peer = await AddPeerAsync(cloud);
        var tokens = await peer.LinkAsync("alice");
        var refreshed = (await peer.RefreshAsync(tokens.RefreshToken)).Succeeded();
        Assert.Equal(HttpStatusCode.OK, await peer.CallAsync(tokens.AccessToken));

        Assert.Equal(HttpStatusCode.OK, (await peer.RevokeAsync(refreshed.RefreshToken)).Status);

        _time.Advance(FiveSeconds);
        Assert.Equal(HttpStatusCode.Unauthorized, await peer.CallAsync(tokens.AccessToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await peer.CallAsync(refreshed.AccessToken));
        Assert.Equal("invalid_grant", (await peer.RefreshAsync(refreshed.RefreshToken)).Error);

        // RFC 7009, 2.2: what is no token any more is revoked.
        Assert.Equal(HttpStatusCode.OK, (await peer.RevokeAsync(refreshed.RefreshToken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await peer.RevokeAsync("no token")).Status);
    }

    [Fact]
    public async Task An_access_token_is_revoked_alone()
    {
        await using var cloud = await TestCloud.StartAsync(_folder, _time);
        var peer = await AddPeerAsync(cloud);
        var tokens = await peer.LinkAsync("alice");

        Assert.Equal(HttpStatusCode.OK, (await peer.RevokeAsync(tokens.AccessToken)).Status);

        _time.Advance(FiveSeconds);
        using var refused = await peer.RequestAsync(tokens.AccessToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("invalid_token", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await peer.CallAsync((await peer.RefreshAsync(tokens.RefreshToken)).Succeeded().AccessToken));
    }

    [Fact]
    public async Task Another_clients_tokens_are_neither_revoked_nor_shown()
    {
        await using var cloud = await TestCloud.StartAsync(_folder, _time);
        var peer = await AddPeerAsync(cloud);
        var other = await cloud.AddPeerAsync();
        var tokens = await peer.LinkAsync("alice");

        await other.RevokeAsync(tokens.RefreshToken);
        await other.RevokeAsync(tokens.AccessToken);

        _time.Advance(FiveSeconds);
        Assert.Equal(HttpStatusCode.OK, await peer.CallAsync(tokens.AccessToken));
        foreach (var token in new[] { tokens.AccessToken, tokens.RefreshToken })
        {
            Assert.Equal("""{"active":false}""", Compact(await other.IntrospectAsync(token)));
            var shown = await peer.IntrospectAsync(token);
            Assert.Equal(("True", peer.ClientId), (shown["active"], shown["client_id"]));
            Assert.Equal((cloud.Issuer, "r:* w:* offline_access"), (shown["iss"], shown["scope"]));
        }

        await peer.RevokeAsync(tokens.RefreshToken);
        Assert.Equal("""{"active":false}""", Compact(await peer.IntrospectAsync(tokens.AccessToken)));
        Assert.Equal("""{"active":false}""", Compact(await peer.IntrospectAsync("rubbish")));
        var nobody = await peer.SendAsync("/oauth/introspect", [("token", tokens.AccessToken)], [], OAuthPeer.Basic(peer.ClientId, "wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.Status);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_user_sees_which_clouds_are_connected_and_revokes_one(StoreProvider provider)
    {
        await using var cloud = await TestCloud.StartAsync(provider, _folder, postgreSql, _time);
        var peer = await AddPeerAsync(cloud);
        var other = await cloud.AddPeerAsync(name: "Other cloud");
        var tokens = await peer.LinkAsync("alice", ("scope", "r:* offline_access"));
        var kept = await other.LinkAsync("alice");
        await cloud.AddUserAsync("bob");
        var bobs = await peer.LinkAsync("bob");
        using var browser = cloud.Browse();
        await browser.LogInAsync("alice");

        var before = await browser.OpenAsync("/connected-clouds");

        Assert.DoesNotContain("cannot call any more", before.Text, StringComparison.Ordinal);
        // What a button is called is what it says; of which cloud is said beside it.
        Assert.Contains($"<h2 id=\"client-{peer.ClientId}\">Peer</h2>", before.Html, StringComparison.Ordinal);
        Assert.Contains($"aria-describedby=\"client-{peer.ClientId}\">Revoke</button>", before.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("aria-label=\"Revoke", before.Html, StringComparison.Ordinal);
        Assert.Contains("Peer", before.Text, StringComparison.Ordinal);
        Assert.Contains("Last call never", before.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await peer.CallAsync(tokens.AccessToken));
        await cloud.Services.GetRequiredService<ClientCalls>().WriteAsync(Cancellation);
        Assert.Single(NeverCalled().Matches((await browser.OpenAsync("/connected-clouds")).Text));

        var after = await browser.SubmitAsync(before, "/connected-clouds/revoke", ("client", peer.ClientId));

        Assert.DoesNotContain("Peer", after.Text, StringComparison.Ordinal);
        Assert.Contains("Other cloud", after.Text, StringComparison.Ordinal);
        _time.Advance(FiveSeconds);
        Assert.Equal(HttpStatusCode.Unauthorized, await peer.CallAsync(tokens.AccessToken));
        Assert.Equal("invalid_grant", (await peer.RefreshAsync(tokens.RefreshToken)).Error);
        Assert.Equal(HttpStatusCode.OK, await peer.CallAsync(kept.AccessToken));
        Assert.Equal(HttpStatusCode.OK, await peer.CallAsync(bobs.AccessToken));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_user_sees_who_is_still_told_though_it_cannot_call_any_more_and_stops_it(StoreProvider provider)
    {
        await using var cloud = await TestCloud.StartAsync(provider, _folder, postgreSql, _time);
        var peer = await AddPeerAsync(cloud);
        var user = (await cloud.Users.FindAsync("alice", Cancellation))!;
        using var browser = cloud.Browse();
        await browser.LogInAsync("alice");
        await cloud.Services.GetRequiredService<SubscriptionStore>().SubscribeAsync(
            new NewSubscription(new UserId(user.Id), peer.ClientId, default, [EventKind.DeviceOnline], "https://peer.example/events", [1], NotificationEncoding.Json, "correlation"), Cancellation);

        var before = await browser.OpenAsync("/connected-clouds");

        Assert.Contains($"<h2 id=\"client-{peer.ClientId}\">Peer</h2>", before.Html, StringComparison.Ordinal);
        Assert.Contains("cannot call any more", before.Text, StringComparison.Ordinal);
        Assert.Contains("Subscribed since", before.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("It may:", before.Text, StringComparison.Ordinal);
        var after = await browser.SubmitAsync(before, "/connected-clouds/revoke", ("client", peer.ClientId));
        Assert.DoesNotContain("Peer", after.Text, StringComparison.Ordinal);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task With_a_client_or_a_user_go_their_tokens(StoreProvider provider)
    {
        await using var cloud = await TestCloud.StartAsync(provider, _folder, postgreSql, _time);
        var peer = await AddPeerAsync(cloud);
        var removed = await cloud.AddPeerAsync();
        await cloud.AddUserAsync("bob");
        var (alices, bobs, dead) = (await peer.LinkAsync("alice"), await peer.LinkAsync("bob"), await removed.LinkAsync("bob"));
        foreach (var token in new[] { alices, bobs, dead }) Assert.Equal(HttpStatusCode.OK, await peer.CallAsync(token.AccessToken));

        Assert.Null((await cloud.Clients.RemoveAsync(removed.ClientId, Cancellation)).Refusal);
        Assert.Null((await cloud.Users.RemoveAsync("alice", Cancellation)).Refusal);

        _time.Advance(FiveSeconds);
        Assert.Equal(HttpStatusCode.Unauthorized, await peer.CallAsync(alices.AccessToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await peer.CallAsync(dead.AccessToken));
        Assert.Equal(HttpStatusCode.OK, await peer.CallAsync(bobs.AccessToken));
        Assert.Equal("invalid_grant", (await peer.RefreshAsync(alices.RefreshToken)).Error);
        Assert.Equal("invalid_client", (await removed.RefreshAsync(dead.RefreshToken)).Error);
    }

    [GeneratedRegex("Last call never", RegexOptions.None, 1000)]
    private static partial Regex NeverCalled();

    private static string Compact(TokenAnswer answer) => System.Text.Json.JsonSerializer.Serialize(answer.Json);

    private static async Task<OAuthPeer> AddPeerAsync(TestCloud cloud)
    {
        await cloud.AddUserAsync("alice");
        return await cloud.AddPeerAsync();
    }
}
