using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OcfCloud.Core.Devices;

namespace OcfCloud.CloudApi.Tests.Bearer;

public sealed class BearerTests : IAsyncLifetime
{
    private const string Path = "/mediator/v1/devices";

    private CloudApiHost _host = null!;
    private UserId _alice;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Everything that asks for the scope <c>mediator</c>.</summary>
    private static (string Method, string Path)[] Guarded =>
    [
        ("POST", "/mediator/v1/registrations"),
        ("POST", "/mediator/v1/device-tokens"),
        ("GET", "/mediator/v1/devices"),
        ("PATCH", "/mediator/v1/devices/5a2c9e7e-6d8f-4a35-9f6a-6f6d3f0f6b11"),
        ("DELETE", "/mediator/v1/devices/5a2c9e7e-6d8f-4a35-9f6a-6f6d3f0f6b11"),
        ("GET", "/mediator/v1/access-rules"),
        ("PUT", "/mediator/v1/access-rules"),
    ];

    public async ValueTask InitializeAsync()
    {
        _host = await CloudApiHost.StartAsync();
        _alice = await _host.AddUserAsync("alice");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Without_a_token_nothing_is_open()
    {
        foreach (var (method, path) in Guarded)
        {
            using var answer = await _host.Http.SendAsync(new HttpMethod(method), path);

            Assert.Contains("access token with the scope \"mediator\"", await answer.RefusedAsync(HttpStatusCode.Unauthorized), StringComparison.Ordinal);
            // RFC 6750, 3.1: no error where no token was sent.
            Assert.Equal("Bearer realm=\"ocfcloud\"", Assert.Single(answer.Headers.WwwAuthenticate).ToString());
        }
    }

    [Fact]
    public async Task Without_the_scope_mediator_nothing_is_open()
    {
        foreach (var (method, path) in Guarded)
        {
            using var client = _host.As(await _host.TokenAsync(_alice, "r:* w:* cameras mediators Mediator"));

            using var answer = await client.SendAsync(new HttpMethod(method), path);

            Assert.Contains("lacks the scope \"mediator\"", await answer.RefusedAsync(HttpStatusCode.Forbidden), StringComparison.Ordinal);
            Assert.Equal("Bearer realm=\"ocfcloud\", error=\"insufficient_scope\", scope=\"mediator\"", Assert.Single(answer.Headers.WwwAuthenticate).ToString());
        }
    }

    [Fact]
    public async Task A_token_is_good_until_it_expires()
    {
        using var client = _host.As(await _host.TokenAsync(_alice));
        _host.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        using var before = await client.GetAsync(Path, Cancellation);
        _host.Time.Advance(TimeSpan.FromSeconds(32));
        using var after = await client.GetAsync(Path, Cancellation);

        await before.JsonAsync(HttpStatusCode.OK);
        await RefusedAsync(after);
    }

    [Fact]
    public async Task A_token_signed_by_somebody_else_is_refused_whatever_key_it_names()
    {
        using var forger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var good = new JsonWebToken(await _host.TokenAsync(_alice));

        foreach (var keyId in new[] { good.Kid, "unknown", new string('k', 100), "" })
        {
            await RefusedAsync(Forge(good, new ECDsaSecurityKey(forger) { KeyId = keyId }, SecurityAlgorithms.EcdsaSha256));
        }
    }

    [Fact]
    public async Task A_token_without_a_signature_or_with_a_shared_secret_is_refused()
    {
        var good = new JsonWebToken(await _host.TokenAsync(_alice));
        var none = $$"""{"alg":"none","typ":"at+jwt","kid":"{{good.Kid}}"}""";

        await RefusedAsync($"{Base64UrlEncoder.Encode(none)}.{good.EncodedPayload}.");
        await RefusedAsync(Forge(good, new SymmetricSecurityKey(Encoding.UTF8.GetBytes(new string('s', 64))) { KeyId = good.Kid }, SecurityAlgorithms.HmacSha256));
    }

    [Fact]
    public async Task A_changed_token_is_refused()
    {
        var good = await _host.TokenAsync(_alice, "r:*");
        var parts = good.Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]).Replace("r:*", "mediator", StringComparison.Ordinal);

        await RefusedAsync($"{parts[0]}.{Base64UrlEncoder.Encode(payload)}.{parts[2]}");
    }

    [Fact]
    public async Task A_token_of_another_cloud_is_refused()
    {
        await using var other = await CloudApiHost.StartAsync(issuer: "https://other.test");

        await RefusedAsync(await other.TokenAsync(await other.AddUserAsync("alice")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.")]
    public async Task What_is_no_token_is_refused(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var answer = await _host.Http.SendAsync(request, Cancellation);

        await answer.RefusedAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
    }

    [Fact]
    public async Task Another_scheme_and_a_token_in_the_query_are_none()
    {
        var good = await _host.TokenAsync(_alice);
        using var request = new HttpRequestMessage(HttpMethod.Get, Path);
        request.Headers.TryAddWithoutValidation("Authorization", $"Basic {good}");
        using var basic = await _host.Http.SendAsync(request, Cancellation);
        using var query = await _host.Http.GetAsync($"{Path}?access_token={good}", Cancellation);

        await basic.RefusedAsync(HttpStatusCode.Unauthorized);
        await query.RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_devices_token_is_no_bearer_token()
    {
        var (_, accessToken, _) = await _host.AddDeviceTokensAsync(_alice);

        await RefusedAsync(accessToken);
    }

    [Fact]
    public async Task A_removed_users_token_is_refused_within_five_seconds()
    {
        var token = await _host.TokenAsync(_alice);
        using var client = _host.As(token);
        using var before = await client.GetAsync(Path, Cancellation);
        await before.JsonAsync(HttpStatusCode.OK);
        await _host.Users.RemoveAsync("alice", Cancellation);

        // Another of that name is another user.
        await _host.AddUserAsync("alice");
        _host.Time.Advance(TimeSpan.FromSeconds(5));

        await RefusedAsync(token);
    }

    private static string Forge(JsonWebToken good, SecurityKey key, string algorithm) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
        Base64UrlEncoder.Decode(good.EncodedPayload),
        new SigningCredentials(key, algorithm) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } },
        new Dictionary<string, object>(StringComparer.Ordinal) { ["typ"] = "at+jwt" });

    private async Task RefusedAsync(string token)
    {
        using var client = _host.As(token);
        using var answer = await client.GetAsync(Path, Cancellation);
        await RefusedAsync(answer);
    }

    private static async Task RefusedAsync(HttpResponseMessage answer)
    {
        Assert.Contains("is not taken", await answer.RefusedAsync(HttpStatusCode.Unauthorized), StringComparison.Ordinal);
        Assert.StartsWith("Bearer realm=\"ocfcloud\", error=\"invalid_token\"", Assert.Single(answer.Headers.WwwAuthenticate).ToString(), StringComparison.Ordinal);
    }
}
