using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Clients;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Onvif.Enrolment;
using OcfCloud.Onvif.Tests.Support;
using OcfCloud.Testing;
using OpenIddict.Server;

namespace OcfCloud.Onvif.Tests.Enrolment;

/// <summary>The authorization server as cameras use it.</summary>
public sealed class CameraTokenTests(PostgreSqlFixture postgreSql)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task A_camera_gets_a_token_for_its_uplink_by_an_assertion_that_is_good_once(StoreProvider provider)
    {
        await using var host = await OnvifHost.StartAsync(provider, postgreSql);
        using var owner = await host.CallerAsync("anna");
        using var camera = CameraIdentity.Make();
        var client = await camera.EnrolAsync(owner);
        var assertion = camera.Assertion(client, host.Time);

        var granted = await GrantedAsync(host, CameraIdentity.Form(client, assertion));

        Assert.Equal("Bearer", granted.GetProperty("token_type").GetString());
        Assert.Equal(3600, granted.GetProperty("expires_in").GetInt64());
        Assert.Equal("onvif.uplink", granted.GetProperty("scope").GetString());
        Assert.False(granted.TryGetProperty("refresh_token", out _));
        var token = new JsonWebToken(granted.GetProperty("access_token").GetString());
        Assert.Equal("at+jwt", token.Typ);
        Assert.Equal(["https://cloud.test:8444/onvif/uplink"], token.Audiences);
        Assert.Equal(OnvifHost.PublicUrl, token.Issuer);
        Assert.Equal(client, token.Subject);
        Assert.Equal(client, token.GetPayloadValue<string>("client_id"));
        Assert.Equal(new DeviceTokenCheck(client, true), await host.Service<DeviceTokens>().CheckAsync(token.EncodedToken, Cancellation));

        await RefusedAsync(host, CameraIdentity.Form(client, assertion), "invalid_client");
    }

    [Fact]
    public async Task An_assertion_may_be_written_in_each_way_that_cameras_do()
    {
        await using var host = await OnvifHost.StartAsync();
        using var owner = await host.CallerAsync("anna");
        using var camera = CameraIdentity.Make();
        var client = await camera.EnrolAsync(owner);
        string[] good =
        [
            camera.Assertion(client, host.Time, type: null),
            camera.Assertion(client, host.Time, type: "client-authentication+jwt"),
            camera.Assertion(client, host.Time, keyId: null),
            camera.Assertion(client, host.Time, keyId: "key_9"),
            camera.Assertion(client, host.Time, claims => claims["aud"] = OnvifHost.PublicUrl),
            camera.Assertion(client, host.Time, claims => claims["aud"] = new[] { OnvifHost.PublicUrl }),
            camera.Assertion(client, host.Time, claims => claims["aud"] = $"{OnvifHost.PublicUplink}/oauth/token"),
            camera.Assertion(client, host.Time, claims => claims.Remove("iat")),

            // A clock that is four minutes slow or fast.
            camera.Assertion(client, host.Time, claims => claims["exp"] = host.Time.GetUtcNow().AddMinutes(-4).ToUnixTimeSeconds()),
            camera.Assertion(client, host.Time, claims => claims["iat"] = host.Time.GetUtcNow().AddMinutes(4).ToUnixTimeSeconds()),
            camera.Assertion(client, host.Time, claims => claims["exp"] = host.Time.GetUtcNow().AddMinutes(14).ToUnixTimeSeconds()),
        ];

        foreach (var assertion in good) await GrantedAsync(host, CameraIdentity.Form(client, assertion));
        await GrantedAsync(host, CameraIdentity.Form(null, camera.Assertion(client, host.Time)));
        await GrantedAsync(host, CameraIdentity.Form(client, camera.Assertion(client, host.Time), scope: null));
    }

    [Fact]
    public async Task Assertions_that_prove_nothing_are_refused_and_do_not_use_up_their_id()
    {
        await using var host = await OnvifHost.StartAsync();
        using var owner = await host.CallerAsync("anna");
        using var camera = CameraIdentity.Make();
        using var other = CameraIdentity.Make();
        var client = await camera.EnrolAsync(owner);
        var otherClient = await other.EnrolAsync(owner);
        var now = host.Time.GetUtcNow();
        string[] bad =
        [
            "",
            "a.b.c",
            new string('a', 20_000),
            other.Assertion(client, host.Time),
            other.Assertion(otherClient, host.Time),
            camera.Assertion(client, host.Time, type: "at+jwt"),
            camera.Assertion(client, host.Time, claims => claims["aud"] = "https://other.test/oauth/token"),
            camera.Assertion(client, host.Time, claims => claims["aud"] = new[] { OnvifHost.PublicUrl, "https://other.test" }),
            camera.Assertion(client, host.Time, claims => claims.Remove("aud")),
            camera.Assertion(client, host.Time, claims => claims["sub"] = otherClient),
            camera.Assertion(client, host.Time, claims => claims["iss"] = otherClient),
            camera.Assertion(client, host.Time, claims => claims.Remove("iss")),
            camera.Assertion(client, host.Time, claims => claims.Remove("exp")),
            camera.Assertion(client, host.Time, claims => claims["exp"] = "soon"),
            camera.Assertion(client, host.Time, claims => claims["exp"] = now.AddMinutes(-6).ToUnixTimeSeconds()),
            camera.Assertion(client, host.Time, claims => claims["exp"] = now.AddMinutes(16).ToUnixTimeSeconds()),
            camera.Assertion(client, host.Time, claims => claims["nbf"] = now.AddMinutes(6).ToUnixTimeSeconds()),
            camera.Assertion(client, host.Time, claims => claims.Remove("jti")),
            camera.Assertion(client, host.Time, claims => claims["jti"] = new string('j', 600)),
        ];

        foreach (var assertion in bad.Skip(1)) await RefusedAsync(host, CameraIdentity.Form(client, assertion), "invalid_client");
        await RefusedAsync(host, CameraIdentity.Form(client, bad[0]), "invalid_request", HttpStatusCode.BadRequest);

        // Refused for its signature, an id is as new as before.
        await RefusedAsync(host, CameraIdentity.Form(client, other.Assertion(client, host.Time, claims => claims["jti"] = "same")), "invalid_client");
        await GrantedAsync(host, CameraIdentity.Form(client, camera.Assertion(client, host.Time, claims => claims["jti"] = "same")));
        await GrantedAsync(host, CameraIdentity.Form(otherClient, other.Assertion(otherClient, host.Time, claims => claims["jti"] = "same")));
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task Names_that_no_store_can_hold_are_refused_or_not_kept(StoreProvider provider)
    {
        await using var host = await OnvifHost.StartAsync(provider, postgreSql);
        using var owner = await host.CallerAsync("anna");
        using var camera = CameraIdentity.Make();
        var client = await camera.EnrolAsync(owner);

        foreach (var name in new[] { "cam-\0", "cam-\u0001", "cam ", "cäm", new string('c', 65) })
            await RefusedAsync(host, CameraIdentity.Form(null, camera.Assertion(name, host.Time)), "invalid_client");
        await GrantedAsync(host, CameraIdentity.Form(client, camera.Assertion(client, host.Time, keyId: "key\0")));
        Assert.Null((await host.Store.ReadAsync((context, token) => context.Set<DeviceClientKey>().SingleAsync(key => key.ClientId == client, token), Cancellation)).KeyId);
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task A_camera_that_is_removed_while_it_asks_is_no_client(StoreProvider provider)
    {
        OnvifHost? running = null;
        await using var host = running = await OnvifHost.StartAsync(
            provider, postgreSql, services => services.AddOpenIddict().AddServer(server => server.AddEventHandler<OpenIddictServerEvents.HandleTokenRequestContext>(handler => handler
                .SetOrder(int.MaxValue)
                .UseInlineHandler(async _ =>
                {
                    var cameras = running!.Service<CameraRegister>();
                    await cameras.RemoveAsync(Assert.Single(await cameras.ListAsync(null, Cancellation)).Camera.Id, null, Cancellation);
                }))));
        using var owner = await host.CallerAsync("anna");
        using var camera = CameraIdentity.Make();
        var client = await camera.EnrolAsync(owner);

        await RefusedAsync(host, CameraIdentity.Form(client, camera.Assertion(client, host.Time)), "invalid_client");
    }

    [Fact]
    public async Task Each_kind_of_key_signs_by_its_own_algorithms()
    {
        await using var host = await OnvifHost.StartAsync();
        using var owner = await host.CallerAsync("anna");
        using var p384 = CameraIdentity.MakeP384();
        using var rsa = CameraIdentity.MakeRsa();
        var (large, old) = (await p384.EnrolAsync(owner), await rsa.EnrolAsync(owner));

        await GrantedAsync(host, CameraIdentity.Form(large, p384.Assertion(large, host.Time)));
        await GrantedAsync(host, CameraIdentity.Form(old, rsa.Assertion(old, host.Time)));
        await GrantedAsync(host, CameraIdentity.Form(old, rsa.Assertion(old, host.Time, algorithm: "PS256")));
        await RefusedAsync(host, CameraIdentity.Form(old, rsa.Assertion(old, host.Time, algorithm: "RS512")), "invalid_client");
    }

    [Fact]
    public async Task Only_the_scope_of_uplinks_is_given_and_only_to_registered_cameras()
    {
        await using var host = await OnvifHost.StartAsync();
        using var owner = await host.CallerAsync("anna");
        using var camera = CameraIdentity.Make();
        using var stranger = CameraIdentity.Make();
        var client = await camera.EnrolAsync(owner);

        await RefusedAsync(host, CameraIdentity.Form(client, camera.Assertion(client, host.Time), scope: "onvif.uplink r:*"), "invalid_scope", HttpStatusCode.BadRequest);
        await RefusedAsync(host, CameraIdentity.Form(client, camera.Assertion(client, host.Time), scope: "nonsense"), "invalid_scope", HttpStatusCode.BadRequest);
        await RefusedAsync(host, CameraIdentity.Form("cam-unknown", stranger.Assertion("cam-unknown", host.Time)), "invalid_client");

        using var gone = await owner.DeleteAsync(new Uri($"/api/v1/cameras/{(await OnlyCameraAsync(owner)).GetProperty("id").GetString()}", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await RefusedAsync(host, CameraIdentity.Form(client, camera.Assertion(client, host.Time)), "invalid_client");
    }

    [Fact]
    public async Task A_camera_with_a_certificate_of_its_key_needs_no_assertion()
    {
        await using var host = await OnvifHost.StartAsync();
        using var owner = await host.CallerAsync("anna");
        using var camera = CameraIdentity.Make();
        using var stranger = CameraIdentity.Make();
        var client = await camera.EnrolAsync(owner);
        using var own = camera.Certificate();
        using var others = stranger.Certificate();

        var granted = await GrantedAsync(host, CertificateForm(client), host.Client(own));
        Assert.Equal(client, (await host.Service<DeviceTokens>().CheckAsync(granted.GetProperty("access_token").GetString()!, Cancellation)).ClientId);

        await RefusedAsync(host, CertificateForm(client), "invalid_client", HttpStatusCode.Unauthorized, host.Client(others));
        await RefusedAsync(host, CertificateForm("cam-other"), "invalid_client", HttpStatusCode.Unauthorized, host.Client(own));
        await RefusedAsync(host, CertificateForm(client), "invalid_request", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_peer_cloud_is_let_in_by_its_secret_alone_whatever_certificate_it_shows()
    {
        await using var host = await OnvifHost.StartAsync();
        using var stranger = CameraIdentity.Make();
        using var certificate = stranger.Certificate();
        var peer = await host.Service<CloudClients>().AddAsync(new ClientRegistration("Peer", ["https://peer.test/cb"], ["r:*"], IsPublic: false), Cancellation);

        await RefusedAsync(host, CertificateForm(peer.Client!.ClientId), "invalid_client", HttpStatusCode.Unauthorized, host.Client(certificate));
        await RefusedAsync(host, PeerForm(peer.Client.ClientId, "wrong"), "invalid_client", HttpStatusCode.Unauthorized, host.Client(certificate));
        await RefusedAsync(host, PeerForm(peer.Client.ClientId, peer.Secret!), "unauthorized_client", HttpStatusCode.BadRequest, host.Client(certificate));
    }

    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/openid-configuration/.well-known/openid-configuration")]
    public async Task The_metadata_says_what_cameras_need(string path)
    {
        await using var host = await OnvifHost.StartAsync();

        var metadata = await host.Http.GetFromJsonAsync<JsonElement>(path, Cancellation);

        Assert.Equal(OnvifHost.PublicUrl, metadata.GetProperty("issuer").GetString());
        Assert.Equal($"{OnvifHost.PublicUrl}/oauth/token", metadata.GetProperty("token_endpoint").GetString());
        Assert.Equal($"{OnvifHost.PublicUplink}/oauth/token", metadata.GetProperty("mtls_endpoint_aliases").GetProperty("token_endpoint").GetString());
        Assert.Equal(["ES256", "ES384", "RS256", "PS256"], Texts(metadata, "token_endpoint_auth_signing_alg_values_supported"));
        Assert.Superset(new HashSet<string> { "private_key_jwt", "tls_client_auth", "client_secret_basic" }, Texts(metadata, "token_endpoint_auth_methods_supported").ToHashSet());
        Assert.Contains("client_credentials", Texts(metadata, "grant_types_supported"));
        Assert.Contains("onvif.uplink", Texts(metadata, "scopes_supported"));
    }

    private static async Task<JsonElement> GrantedAsync(OnvifHost host, FormUrlEncodedContent form, HttpClient? client = null)
    {
        using var answer = await (client ?? host.Http).PostAsync(new Uri("/oauth/token", UriKind.Relative), form, Cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Cancellation));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    private static async Task RefusedAsync(
        OnvifHost host, FormUrlEncodedContent form, string error, HttpStatusCode status = HttpStatusCode.Unauthorized, HttpClient? client = null)
    {
        using var answer = await (client ?? host.Http).PostAsync(new Uri("/oauth/token", UriKind.Relative), form, Cancellation);
        var body = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == status, body);
        using var json = JsonDocument.Parse(body);
        Assert.Equal(error, json.RootElement.GetProperty("error").GetString());
    }

    private static async Task<JsonElement> OnlyCameraAsync(HttpClient owner) =>
        Assert.Single((await owner.GetFromJsonAsync<JsonElement>("/api/v1/cameras", Cancellation)).EnumerateArray().ToArray());

    private static FormUrlEncodedContent CertificateForm(string client) =>
        new(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = client, ["scope"] = "onvif.uplink" });

    private static FormUrlEncodedContent PeerForm(string client, string secret) =>
        new(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = client, ["client_secret"] = secret });

    private static string[] Texts(JsonElement metadata, string member) => [.. metadata.GetProperty(member).EnumerateArray().Select(value => value.GetString()!)];
}
