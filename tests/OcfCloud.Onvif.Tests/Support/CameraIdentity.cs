using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OcfCloud.Onvif.Tests.Support;

/// <summary>A camera's key, and what it proves with it.</summary>
internal sealed class CameraIdentity : IDisposable
{
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly AsymmetricAlgorithm _key;

    private CameraIdentity(AsymmetricAlgorithm key) => _key = key;

    /// <summary>PKCS#10, DER.</summary>
    public byte[] Request => CertificateRequestOf("CN=camera, O=Acme").CreateSigningRequest();

    public static CameraIdentity Make() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public static CameraIdentity MakeP384() => new(ECDsa.Create(ECCurve.NamedCurves.nistP384));

    public static CameraIdentity MakeRsa(int bits = 3072) => new(RSA.Create(bits));

    /// <summary>A certificate of the key.</summary>
    public X509Certificate2 Certificate()
    {
        using var made = CertificateRequestOf("CN=camera").CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Enrols with the caller's account and says the client id.</summary>
    public async Task<string> EnrolAsync(HttpClient owner)
    {
        using var answer = await owner.PostAsJsonAsync("/api/v1/cameras", new { csr = Convert.ToBase64String(Request) }, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("clientId").GetString()!;
    }

    /// <summary>A client assertion as a camera makes it, but for what the test changes.</summary>
    public string Assertion(string clientId, TimeProvider time, Action<Dictionary<string, object>>? change = null, string? algorithm = null, string? type = "JWT", string? keyId = "key_8")
    {
        var now = time.GetUtcNow();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = clientId,
            ["sub"] = clientId,
            ["aud"] = $"{OnvifHost.PublicUrl}/oauth/token",
            ["jti"] = Guid.NewGuid().ToString(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
        };
        change?.Invoke(claims);
        SecurityKey key = _key is RSA rsa ? new RsaSecurityKey(rsa) : new ECDsaSecurityKey((ECDsa)_key);
        key.KeyId = keyId;
        var descriptor = new SecurityTokenDescriptor { Claims = claims, SigningCredentials = new SigningCredentials(key, algorithm ?? Algorithm), TokenType = type };
        return Handler.CreateToken(descriptor);
    }

    /// <summary>The form of a token request.</summary>
    public static FormUrlEncodedContent Form(string? clientId, string assertion, string? scope = "onvif.uplink")
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = assertion,
        };
        if (clientId is not null) form["client_id"] = clientId;
        if (scope is not null) form["scope"] = scope;
        return new FormUrlEncodedContent(form);
    }

    public void Dispose() => _key.Dispose();

    private string Algorithm => _key switch
    {
        RSA => SecurityAlgorithms.RsaSha256,
        ECDsa { KeySize: 384 } => SecurityAlgorithms.EcdsaSha384,
        _ => SecurityAlgorithms.EcdsaSha256,
    };

    private CertificateRequest CertificateRequestOf(string subject) => _key is RSA rsa
        ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        : new CertificateRequest(subject, (ECDsa)_key, HashAlgorithmName.SHA256);
}
