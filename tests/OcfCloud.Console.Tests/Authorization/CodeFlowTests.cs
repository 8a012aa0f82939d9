using System.Net;
using Microsoft.IdentityModel.JsonWebTokens;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Core.Storage;
using OcfCloud.Testing;

namespace OcfCloud.Console.Tests.Authorization;

/// <summary>Authorization code grant with log-in and consent (cloud-to-cloud.md, 1.2).</summary>
public sealed class CodeFlowTests(PostgreSqlFixture postgreSql) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_user_lets_a_cloud_in_and_it_calls_with_what_was_allowed(StoreProvider provider)
    {
        await using var cloud = await TestCloud.StartAsync(provider, _folder, postgreSql);
        var alice = await cloud.AddUserAsync("alice");
        var peer = await cloud.AddPeerAsync(name: "Peer <b>& Sons");
        using var browser = cloud.Browse();

        var logIn = await browser.OpenAsync(peer.RequestUrl());
        var consent = await browser.SubmitAsync(logIn, "/login", ("username", "alice"), ("password", TestCloud.Password));
        Assert.Equal(HttpStatusCode.OK, consent.Status);
        Assert.Contains("Peer <b>& Sons", consent.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Peer <b>", consent.Html, StringComparison.Ordinal);
        Assert.Contains("See all your devices", consent.Text, StringComparison.Ordinal);
        Assert.Contains("Control your devices", consent.Text, StringComparison.Ordinal);
        Assert.Contains("while you are away", consent.Text, StringComparison.Ordinal);

        var answer = await browser.SubmitAsync(consent, "/oauth/authorize", ("decision", "allow"));
        Assert.StartsWith(TestCloud.RedirectUri + "?", answer.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal("the state", answer.Answer["state"]);
        Assert.Equal(cloud.Issuer, answer.Answer["iss"]);

        var tokens = (await peer.RedeemAsync(answer.Answer["code"])).Succeeded();
        Assert.Equal("Bearer", tokens["token_type"]);
        Assert.Equal("r:* w:* offline_access", tokens["scope"]);
        var token = new JsonWebToken(tokens.AccessToken);
        Assert.Equal("at+jwt", token.Typ);
        Assert.Equal("ES256", token.Alg);
        Assert.Equal(cloud.Issuer, token.Issuer);
        Assert.Equal(alice.Id.ToString(), token.Subject);
        Assert.Equal(peer.ClientId, token.GetClaim("client_id").Value);
        Assert.Equal(["ocfcloud"], token.Audiences);
        Assert.Equal("r:* w:* offline_access", token.GetClaim("scope").Value);

        using var called = await peer.RequestAsync(tokens.AccessToken);
        Assert.Equal($"{alice.Id} {peer.ClientId} r:* w:* offline_access", await called.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Denial_is_told_to_the_cloud()
    {
        await using var cloud = await StartAsync();
        var peer = await cloud.AddPeerAsync();
        using var browser = cloud.Browse();
        await browser.LogInAsync("alice");

        var answer = (await peer.DecideAsync(browser, "deny")).Answer;

        Assert.Equal("access_denied", answer["error"]);
        Assert.Equal("the state", answer["state"]);
        Assert.DoesNotContain("code", answer.Keys);
    }

    [Fact]
    public async Task Every_request_is_asked_about_anew()
    {
        await using var cloud = await StartAsync();
        var peer = await cloud.AddPeerAsync();
        using var browser = cloud.Browse();
        await browser.LogInAsync("alice");
        await peer.AllowAsync(browser);

        var again = await browser.OpenAsync(peer.RequestUrl());

        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Contains("Allow", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_offline_access_there_is_no_refresh_token()
    {
        await using var cloud = await StartAsync();
        var peer = await cloud.AddPeerAsync();

        var tokens = await peer.LinkAsync("alice", ("scope", "r:*"));

        Assert.Null(tokens["refresh_token"]);
        Assert.Equal("r:*", new JsonWebToken(tokens.AccessToken).GetClaim("scope").Value);
    }

    [Fact]
    public async Task Without_a_scope_a_request_is_for_reading()
    {
        await using var cloud = await StartAsync();
        var peer = await cloud.AddPeerAsync();

        var tokens = await peer.LinkAsync("alice", ("scope", null));

        Assert.Equal("r:*", tokens["scope"]);
    }

    [Fact]
    public async Task A_token_without_the_scope_is_refused_by_the_api()
    {
        await using var cloud = await StartAsync();
        var peer = await cloud.AddPeerAsync();
        var tokens = await peer.LinkAsync("alice", ("scope", "w:*"));

        using var answer = await peer.RequestAsync(tokens.AccessToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("insufficient_scope", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("offline_access", true)]
    [InlineData("r:* w:* offline_access", true)]
    [InlineData("r:* mediator", false)]
    public async Task A_scope_with_the_code_may_repeat_what_was_granted(string scope, bool taken)
    {
        await using var cloud = await StartAsync();
        var peer = await cloud.AddPeerAsync();
        using var browser = cloud.Browse();
        await browser.LogInAsync("alice");
        var code = (await peer.AllowAsync(browser)).Answer["code"];

        var tokens = await peer.RedeemAsync(code, ("scope", scope));

        Assert.Equal(taken ? HttpStatusCode.OK : HttpStatusCode.BadRequest, tokens.Status);
        if (taken) Assert.Equal("r:* w:* offline_access", new JsonWebToken(tokens.AccessToken).GetClaim("scope").Value);
        else Assert.Equal("invalid_scope", tokens.Error);
    }

    [Fact]
    public async Task A_secret_may_come_in_the_form()
    {
        await using var cloud = await StartAsync();
        var peer = await cloud.AddPeerAsync();
        using var browser = cloud.Browse();
        await browser.LogInAsync("alice");
        var code = (await peer.AllowAsync(browser)).Answer["code"];

        (await peer.RedeemAsync(code, ("client_id", peer.ClientId), ("client_secret", peer.Secret))).Succeeded();
    }

    [Fact]
    public async Task A_wrong_secret_is_401_and_the_right_one_of_another_client_gets_no_tokens()
    {
        await using var cloud = await StartAsync();
        var peer = await cloud.AddPeerAsync();
        var other = await cloud.AddPeerAsync();
        using var browser = cloud.Browse();
        await browser.LogInAsync("alice");
        var code = (await peer.AllowAsync(browser)).Answer["code"];

        var wrong = await peer.SendAsync("/oauth/token", [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", TestCloud.RedirectUri)], [], OAuthPeer.Basic(peer.ClientId, "wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.Status);
        Assert.Equal("invalid_client", wrong.Error);
        Assert.Contains("realm=\"ocfcloud\"", wrong.Challenge, StringComparison.Ordinal);
        Assert.StartsWith("Basic ", wrong.Challenge, StringComparison.Ordinal);

        var stolen = await other.RedeemAsync(code);
        Assert.Equal("invalid_grant", stolen.Error);
    }

    [Fact]
    public async Task A_rotated_secret_replaces_the_old_one()
    {
        await using var cloud = await StartAsync();
        var peer = await cloud.AddPeerAsync();
        var tokens = await peer.LinkAsync("alice");
        var rotated = (await cloud.Clients.RotateSecretAsync(peer.ClientId, TestContext.Current.CancellationToken)).Secret!;

        Assert.Equal("invalid_client", (await peer.RefreshAsync(tokens.RefreshToken)).Error);
        (await new OAuthPeer(cloud, peer.ClientId, rotated, TestCloud.RedirectUri).RefreshAsync(tokens.RefreshToken)).Succeeded();
    }

    [Fact]
    public async Task A_public_client_comes_back_to_any_port_of_its_loopback_address()
    {
        await using var cloud = await StartAsync();
        var app = await cloud.AddPeerAsync("http://127.0.0.1:1234/callback", isPublic: true);
        var peer = new OAuthPeer(cloud, app.ClientId, null, "http://127.0.0.1:50123/callback");

        var tokens = await peer.LinkAsync("alice");

        Assert.Equal(HttpStatusCode.OK, await peer.CallAsync(tokens.AccessToken));
        (await peer.RefreshAsync(tokens.RefreshToken)).Succeeded();
    }

    [Fact]
    public async Task A_request_by_POST_is_asked_about_like_one_by_GET()
    {
        await using var cloud = await StartAsync();
        var peer = await cloud.AddPeerAsync();
        using var browser = cloud.Browse();
        await browser.LogInAsync("alice");
        var query = new TestPage(HttpStatusCode.OK, new Uri(cloud.Url, peer.RequestUrl()), "", new Dictionary<string, string>()).Answer;

        var answer = await browser.PostAsync("/oauth/authorize", [.. query.Select(pair => (pair.Key, (string?)pair.Value))]);

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.StartsWith("/oauth/authorize?", answer.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains("Allow", (await browser.OpenAsync(answer.Location.ToString())).Text, StringComparison.Ordinal);
    }

    private async Task<TestCloud> StartAsync()
    {
        var cloud = await TestCloud.StartAsync(_folder);
        await cloud.AddUserAsync("alice");
        return cloud;
    }
}
