using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OcfCloud.Identity.DeviceClients;

/// <summary>A client assertion as it came (RFC 7523, 3; OpenID Connect Core, 9): read, not checked yet.</summary>
internal sealed class ClientAssertion
{
    /// <summary>Characters; one with an RSA signature of 8192 bits has fewer than 3,000.</summary>
    private const int MaxLength = 8 * 1024;

    private const int MaxJtiLength = 512;

    // Of ours, which are shorter still: what else it may be, no store has to take.
    private const int MaxClientIdLength = 64;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    private readonly string _signed;
    private readonly byte[] _signature;

    private ClientAssertion(string signed, byte[] signature) => (_signed, _signature) = (signed, signature);

    /// <summary><c>alg</c>.</summary>
    public required string Algorithm { get; init; }

    /// <summary><c>kid</c>: a hint.</summary>
    public string? KeyId { get; init; }

    /// <summary><c>iss</c> and <c>sub</c>, which are the same.</summary>
    public required string ClientId { get; init; }

    /// <summary><c>aud</c>, which is one.</summary>
    public required string Audience { get; init; }

    /// <summary>SHA-256 of <c>jti</c>.</summary>
    public required byte[] Jti { get; init; }

    /// <summary><c>exp</c>, seconds.</summary>
    public required double ExpiresAt { get; init; }

    /// <summary>The later one of <c>nbf</c> and <c>iat</c>, seconds; null: neither is there.</summary>
    public double? NotBefore { get; init; }

    /// <summary>Reads one; null where it is none, or lacks what it has to have.</summary>
    public static ClientAssertion? Read(string text)
    {
        if (text.Length > MaxLength || text.Split('.') is not [var header, var payload, var signature]) return null;
        try
        {
            using var head = JsonDocument.Parse(Base64Url.DecodeFromChars(header), Strict);
            using var body = JsonDocument.Parse(Base64Url.DecodeFromChars(payload), Strict);
            return Read(head.RootElement, body.RootElement, $"{header}.{payload}", Base64Url.DecodeFromChars(signature));
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            // The last one: an escape of half a surrogate pair.
            return null;
        }
    }

    /// <summary>Whether this key signed it, with the algorithm that its header names (RFC 7518, 3).</summary>
    public bool IsSignedBy(string jwk)
    {
        using var document = JsonDocument.Parse(jwk);
        var key = document.RootElement;
        var data = Encoding.ASCII.GetBytes(_signed);
        if (Text(key, "kty") == "RSA")
        {
            var padding = Algorithm switch { "RS256" => RSASignaturePadding.Pkcs1, "PS256" => RSASignaturePadding.Pss, _ => null };
            if (padding is null) return false;
            using var rsa = RSA.Create(new RSAParameters { Modulus = Number(key, "n"), Exponent = Number(key, "e") });
            return rsa.VerifyData(data, _signature, HashAlgorithmName.SHA256, padding);
        }

        var (curve, hash) = (Algorithm, Text(key, "crv")) switch
        {
            ("ES256", "P-256") => (ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256),
            ("ES384", "P-384") => (ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384),
            _ => default,
        };
        if (hash == default) return false;
        using var pair = ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = Number(key, "x"), Y = Number(key, "y") } });
        return pair.VerifyData(data, _signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static ClientAssertion? Read(JsonElement header, JsonElement payload, string signed, byte[] signature)
    {
        if (header.ValueKind != JsonValueKind.Object || payload.ValueKind != JsonValueKind.Object || !IsTaken(header)) return null;
        if (Text(header, "alg") is not { } algorithm || Text(payload, "sub") is not { Length: > 0 and <= MaxClientIdLength } client || !client.All(IsVisible) || Text(payload, "iss") != client) return null;
        if (AudienceOf(payload) is not { } audience || Text(payload, "jti") is not { Length: > 0 and <= MaxJtiLength } jti || Time(payload, "exp", out var expires) is false || expires is null) return null;
        if (!Time(payload, "nbf", out var notBefore) || !Time(payload, "iat", out var issued)) return null;
        return new ClientAssertion(signed, signature)
        {
            Algorithm = algorithm,
            KeyId = Text(header, "kid") is { Length: > 0 and <= DeviceClientKey.MaxKeyIdLength } keyId && !keyId.Any(char.IsControl) ? keyId : null,
            ClientId = client,
            Audience = audience,
            Jti = SHA256.HashData(Encoding.UTF8.GetBytes(jti)),
            ExpiresAt = expires.Value,
            NotBefore = notBefore is { } from && issued is { } made ? Math.Max(from, made) : notBefore ?? issued,
        };
    }

    private static bool IsVisible(char character) => character is > ' ' and <= '~';

    // RFC 7515, 4.1.9 and 4.1.11: media types know no case, and an extension that has to be understood is not.
    private static bool IsTaken(JsonElement header)
    {
        if (header.TryGetProperty("crit", out _) || header.TryGetProperty("b64", out _)) return false;
        return !header.TryGetProperty("typ", out var type)
            || (type.ValueKind == JsonValueKind.String && type.GetString()!.ToUpperInvariant() is "JWT" or "CLIENT-AUTHENTICATION+JWT");
    }

    private static string? AudienceOf(JsonElement payload) =>
        payload.TryGetProperty("aud", out var audience) && audience.ValueKind == JsonValueKind.Array
            ? audience.GetArrayLength() == 1 && audience[0].ValueKind == JsonValueKind.String ? audience[0].GetString() : null
            : Text(payload, "aud");

    private static string? Text(JsonElement json, string member) =>
        json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Reads a time (RFC 7519, 2); false where there is one that is none.</summary>
    private static bool Time(JsonElement payload, string claim, out double? seconds)
    {
        seconds = null;
        if (!payload.TryGetProperty(claim, out var value)) return true;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || !double.IsFinite(number)) return false;
        seconds = number;
        return true;
    }

    private static byte[] Number(JsonElement key, string member) => Base64Url.DecodeFromChars(Text(key, member));
}
