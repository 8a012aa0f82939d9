using System.Text.Json;
using OcfCloud.Console.Tests.Support;

namespace OcfCloud.Console.Tests.Authorization;

/// <summary>The discovery documents (RFC 8414).</summary>
public sealed class MetadataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Both_documents_name_the_endpoints_and_what_they_take()
    {
        await using var cloud = await TestCloud.StartAsync(_folder);
        using var http = cloud.CreateClient();

        // By whatever name it is asked, the public URL is what it answers.
        http.DefaultRequestHeaders.Host = "localhost:1";
        var text = await http.GetStringAsync("/.well-known/oauth-authorization-server", TestContext.Current.CancellationToken);
        Assert.Equal(text, await http.GetStringAsync("/.well-known/openid-configuration", TestContext.Current.CancellationToken));
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;

        Assert.Equal(cloud.Issuer, root.GetProperty("issuer").GetString());
        foreach (var endpoint in new[] { "authorization_endpoint", "token_endpoint", "revocation_endpoint", "introspection_endpoint", "jwks_uri" })
            Assert.StartsWith(cloud.Issuer + "/", root.GetProperty(endpoint).GetString(), StringComparison.Ordinal);
        Assert.Equal(["r:*", "w:*", "offline_access", "mediator", "cameras", "onvif.uplink"], Texts("scopes_supported"));
        Assert.Equal(["code"], Texts("response_types_supported"));
        Assert.Equal(["S256"], Texts("code_challenge_methods_supported"));
        Assert.Equal(["authorization_code", "client_credentials", "refresh_token"], Texts("grant_types_supported").Order(StringComparer.Ordinal));
        Assert.Equal(
            ["client_secret_basic", "client_secret_post", "none", "private_key_jwt", "self_signed_tls_client_auth", "tls_client_auth"],
            Texts("token_endpoint_auth_methods_supported").Order(StringComparer.Ordinal));
        Assert.True(root.GetProperty("authorization_response_iss_parameter_supported").GetBoolean());

        string?[] Texts(string name) => [.. root.GetProperty(name).EnumerateArray().Select(value => value.GetString())];
    }
}
