using System.Net;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Core.Storage;
using OcfCloud.Testing;

namespace OcfCloud.Console.Tests.Authorization;

/// <summary>What an authorization code is good for, and what ends when it is stolen.</summary>
public sealed class CodeTests(PostgreSqlFixture postgreSql) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_code_that_is_used_twice_ends_the_tokens_of_the_first_use(StoreProvider provider)
    {
        await using var cloud = await TestCloud.StartAsync(provider, _folder, postgreSql, _time);
        var peer = await AddPeerAsync(cloud);
        var code = await GetCodeAsync(cloud, peer);
        var tokens = (await peer.RedeemAsync(code)).Succeeded();
        Assert.Equal(HttpStatusCode.OK, await peer.CallAsync(tokens.AccessToken));

        Assert.Equal("invalid_grant", (await peer.RedeemAsync(code)).Error);

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.Unauthorized, await peer.CallAsync(tokens.AccessToken));
        Assert.Equal("invalid_grant", (await peer.RefreshAsync(tokens.RefreshToken)).Error);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Of_many_who_redeem_a_code_at_once_one_gets_tokens_and_they_end(StoreProvider provider)
    {
        await using var cloud = await TestCloud.StartAsync(provider, _folder, postgreSql);
        var peer = await AddPeerAsync(cloud);
        var code = await GetCodeAsync(cloud, peer);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => peer.RedeemAsync(code)));

        var first = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Unauthorized, await peer.CallAsync(first.AccessToken));
        Assert.Equal("invalid_grant", (await peer.RefreshAsync(first.RefreshToken)).Error);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Equal("invalid_grant", answer.Error));
    }

    [Fact]
    public async Task A_code_needs_the_verifier_of_its_challenge()
    {
        await using var cloud = await TestCloud.StartAsync(_folder);
        var peer = await AddPeerAsync(cloud);

        Assert.Equal("invalid_grant", (await peer.RedeemAsync(await GetCodeAsync(cloud, peer), ("code_verifier", new string('x', 43)))).Error);

        // Downgrades: without the verifier, with the challenge in its place, or with a verifier where there was no challenge (RFC 9700, 4.8.2).
        Assert.Equal("invalid_request", (await peer.RedeemAsync(await GetCodeAsync(cloud, peer), ("code_verifier", null))).Error);
        Assert.Equal("invalid_grant", (await peer.RedeemAsync(await GetCodeAsync(cloud, peer), ("code_verifier", OAuthPeer.Challenge))).Error);
        var bare = await GetCodeAsync(cloud, peer, ("code_challenge", null), ("code_challenge_method", null));
        Assert.Equal("invalid_request", (await peer.RedeemAsync(bare)).Error);
        (await peer.RedeemAsync(await GetCodeAsync(cloud, peer, ("code_challenge", null), ("code_challenge_method", null)), ("code_verifier", null))).Succeeded();
    }

    [Fact]
    public async Task A_code_is_for_the_redirect_uri_of_its_request_and_for_one_minute()
    {
        await using var cloud = await TestCloud.StartAsync(_folder, _time);
        var peer = await AddPeerAsync(cloud);

        Assert.Equal("invalid_grant", (await peer.RedeemAsync(await GetCodeAsync(cloud, peer), ("redirect_uri", "https://peer.example/other"))).Error);
        Assert.NotEqual(HttpStatusCode.OK, (await peer.RedeemAsync(await GetCodeAsync(cloud, peer), ("redirect_uri", null))).Status);

        var inTime = await GetCodeAsync(cloud, peer);
        _time.Advance(TimeSpan.FromSeconds(59));
        (await peer.RedeemAsync(inTime)).Succeeded();
        var late = await GetCodeAsync(cloud, peer);
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal("invalid_grant", (await peer.RedeemAsync(late)).Error);
        Assert.Equal("invalid_grant", (await peer.RedeemAsync("CfDJ8no-code")).Error);
    }

    [Fact]
    public async Task No_parameter_comes_twice_at_any_endpoint()
    {
        await using var cloud = await TestCloud.StartAsync(_folder);
        var peer = await AddPeerAsync(cloud);
        var code = await GetCodeAsync(cloud, peer);

        foreach (var name in new[] { "code", "redirect_uri", "code_verifier", "scope", "grant_type", "unheard_of" })
        {
            var refused = await peer.RedeemAsync(code, (name, "one"), (name, "other"));
            Assert.Equal((name, "invalid_request"), (name, refused.Error));
        }

        foreach (var path in new[] { "/oauth/revoke", "/oauth/introspect" })
        {
            var refused = await peer.SendAsync(path, [("token", code)], [("token_type_hint", "access_token"), ("token_type_hint", "refresh_token")]);
            Assert.Equal((path, "invalid_request"), (path, refused.Error));
        }

        (await peer.RedeemAsync(code)).Succeeded();
    }

    [Fact]
    public async Task Passwords_and_client_credentials_get_no_tokens()
    {
        await using var cloud = await TestCloud.StartAsync(_folder);
        var peer = await AddPeerAsync(cloud);

        Assert.Equal("unauthorized_client", (await peer.SendAsync("/oauth/token", [("grant_type", "client_credentials")], [])).Error);
        Assert.Equal("unsupported_grant_type", (await peer.SendAsync("/oauth/token", [("grant_type", "password"), ("username", "alice"), ("password", TestCloud.Password)], [])).Error);
    }

    private static async Task<OAuthPeer> AddPeerAsync(TestCloud cloud)
    {
        await cloud.AddUserAsync("alice");
        return await cloud.AddPeerAsync();
    }

    private static async Task<string> GetCodeAsync(TestCloud cloud, OAuthPeer peer, params (string, string?)[] parameters)
    {
        using var browser = cloud.Browse();
        await browser.LogInAsync("alice");
        return (await peer.AllowAsync(browser, parameters)).Answer["code"];
    }
}
