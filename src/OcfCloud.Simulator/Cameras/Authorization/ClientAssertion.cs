using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using OcfCloud.Simulator.Cameras.Keystore;

namespace OcfCloud.Simulator.Cameras.Authorization;

/// <summary>Makes client assertions (OpenID Connect Core, 9; RFC 7523, 3).</summary>
internal sealed class ClientAssertion(Misbehaviour misbehaviour, TimeProvider time)
{
    private const int OversizedBytes = 64 * 1024;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>Makes one.</summary>
    /// <param name="server">Whose client.</param>
    /// <param name="key">The client's key pair.</param>
    /// <param name="issuer">The server's issuer.</param>
    /// <param name="tokenEndpoint">Where the assertion goes.</param>
    public string Make(StoredAuthorizationServer server, StoredKey key, string issuer, string tokenEndpoint)
    {
        using var pair = key.Open();
        var header = new JsonObject
        {
            ["alg"] = pair switch { ECDsa { KeySize: 384 } => "ES384", ECDsa => "ES256", _ => "RS256" },
            ["typ"] = "JWT",
        };

        // ONVIF Advanced Security, 5.9: the KeyID of the configuration is the kid.
        if (!misbehaviour.NoKid)
            header["kid"] = key.Id;
        var now = time.GetUtcNow().AddSeconds(misbehaviour.ClockSkew).ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = server.ClientId,
            ["sub"] = server.ClientId,
            ["aud"] = misbehaviour.AudienceIssuer ? issuer : tokenEndpoint,
            ["jti"] = misbehaviour.ReuseJti ? $"{server.Id}-again" : Guid.NewGuid().ToString("N"),
            ["iat"] = now,
            ["exp"] = now + (long)Lifetime.TotalSeconds,
        };
        if (misbehaviour.OversizedToken)
            claims["padding"] = new string('x', OversizedBytes);

        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(Sign(pair, System.Text.Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));

    private static byte[] Sign(AsymmetricAlgorithm pair, byte[] data) => pair switch
    {
        ECDsa { KeySize: 384 } key => key.SignData(data, HashAlgorithmName.SHA384),
        ECDsa key => key.SignData(data, HashAlgorithmName.SHA256),
        RSA key => key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        _ => throw new InvalidOperationException("The keystore holds EC and RSA keys alone."),
    };
}
