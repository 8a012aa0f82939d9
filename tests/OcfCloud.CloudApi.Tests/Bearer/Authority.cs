using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OcfCloud.CloudApi.Tests.Bearer;

/// <summary>Somebody else's authorization server: a discovery document, a key set, tokens.</summary>
internal sealed class Authority : IAsyncDisposable
{
    public const string Audience = "devices.example";

    private readonly WebApplication _app;
    private RSA _pair = RSA.Create(2048);
    private string _keyId = "first";

    private Authority(WebApplication app) => _app = app;

    public string Issuer { get; private set; } = "";

    /// <summary>Requests for its documents so far.</summary>
    public int Fetches { get; private set; }

    /// <summary>Whether it answers with its documents.</summary>
    public bool Answers { get; set; } = true;

    private RsaSecurityKey Key => new(_pair) { KeyId = _keyId };

    public static async Task<Authority> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null) listen.UseHttps(certificate);
        }));
        builder.Services.AddRouting();
        var app = builder.Build();
        var authority = new Authority(app);
        app.UseRouting();
        app.MapGet("/realm/.well-known/openid-configuration", () => authority.Answer(() => new
        {
            issuer = authority.Issuer,
            jwks_uri = $"{authority.Issuer}/keys",
            authorization_endpoint = $"{authority.Issuer}/authorize",
            token_endpoint = $"{authority.Issuer}/token",
            response_types_supported = new[] { "code" },
            subject_types_supported = new[] { "public" },
            id_token_signing_alg_values_supported = new[] { "RS256" },
        }));
        app.MapGet("/realm/keys", () => authority.Answer(() =>
        {
            var key = authority._pair.ExportParameters(includePrivateParameters: false);
            return new
            {
                keys = new[]
                {
                    new { kty = "RSA", use = "sig", kid = authority._keyId, n = Base64UrlEncoder.Encode(key.Modulus), e = Base64UrlEncoder.Encode(key.Exponent) },
                },
            };
        }));
        await app.StartAsync(TestContext.Current.CancellationToken);
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        authority.Issuer = $"{address.Scheme}://localhost:{address.Port}/realm";
        return authority;
    }

    /// <summary>Signs with another key from now on.</summary>
    public void Rotate()
    {
        _pair = RSA.Create(2048);
        _keyId = "second";
    }

    /// <summary>Issues a token.</summary>
    /// <param name="claims">Claims beside the usual ones; null leaves one out.</param>
    public string Issue(params (string Name, object? Value)[] claims)
    {
        var payload = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["sub"] = "carol",
            ["scope"] = "openid mediator",
            ["client_id"] = "their-app",
            ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            ["exp"] = DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in claims)
        {
            payload.Remove(name);
            if (value is not null) payload[name] = value;
        }

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = payload,
            SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.RsaSha256) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } },
        });
    }

    /// <summary>Closes the server; tokens are still issued.</summary>
    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _pair.Dispose();
    }

    private IResult Answer<T>(Func<T> document)
    {
        Fetches++;
        return Answers ? Results.Json(document()) : Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }
}
