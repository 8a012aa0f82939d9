using System.Text.Json;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Linking;

/// <summary>An OAuth client that is not ours (openid-client of npm) runs the whole code flow: discovery, consent, code, JWKS, refresh, revocation.</summary>
public sealed class OAuthClientTests(LinkableCloud linkable) : IClassFixture<LinkableCloud>
{
    [Fact]
    public async Task A_peer_cloud_links_an_account()
    {
        const string RedirectUri = "https://peer.example/callback";
        var (id, secret) = await linkable.AddClientAsync(RedirectUri, "--scope", "r:* w:* offline_access mediator");

        var found = await LinkAsync(id, secret, RedirectUri, "r:* w:* offline_access mediator");

        Assert.Equal("r:* w:* offline_access mediator", found.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task An_app_links_an_account_by_the_public_client_that_Development_makes()
    {
        var found = await LinkAsync("simulator", null, "http://127.0.0.1:50123/callback", "offline_access mediator");

        Assert.Equal("offline_access mediator", found.GetProperty("scope").GetString());
    }

    private async Task<JsonElement> LinkAsync(string id, string? secret, string redirectUri, string scope)
    {
        await using var client = RunningProgram.Start(
            "node",
            [Path.Combine(Repository.Root, "tests", "oauth-client", "link.js"), linkable.Issuer, id, secret ?? "-", redirectUri, linkable.UserName, LinkableCloud.Password, scope],
            [("NODE_EXTRA_CA_CERTS", linkable.Cloud.Pki("cloud-ca.pem"))]);
        Assert.True(await client.WaitForExitAsync() == 0, client.Transcript);
        return JsonDocument.Parse(client.Output[^1]).RootElement.Clone();
    }
}
