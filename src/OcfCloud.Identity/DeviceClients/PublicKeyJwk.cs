using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OcfCloud.Identity.DeviceClients;

/// <summary>A public key as the JWK of RFC 7638, 3: its required members alone, in the order that the thumbprint is made of.</summary>
/// <param name="Text">The JWK.</param>
/// <param name="RsaBits">The size of an RSA key; null for one of an elliptic curve.</param>
internal sealed record PublicKeyJwk(string Text, int? RsaBits)
{
    private const string RsaOid = "1.2.840.113549.1.1.1";
    private const string EllipticCurveOid = "1.2.840.10045.2.1";

    /// <summary>SHA-256, base64url.</summary>
    public string Thumbprint => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Text)));

    /// <summary>Writes a key; null for one of a kind or curve that is not known here, or that is none.</summary>
    public static PublicKeyJwk? Of(PublicKey key)
    {
        try
        {
            return key.Oid.Value switch
            {
                EllipticCurveOid => OfEllipticCurve(key),
                RsaOid => OfRsa(key),
                _ => null,
            };
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static PublicKeyJwk? OfEllipticCurve(PublicKey key)
    {
        using var pair = key.GetECDsaPublicKey();
        if (pair is null) return null;
        var parameters = pair.ExportParameters(includePrivateParameters: false);
        if (!parameters.Curve.IsNamed) return null;
        var curve = parameters.Curve.Oid.Value switch
        {
            "1.2.840.10045.3.1.7" => "P-256",
            "1.3.132.0.34" => "P-384",
            _ => null,
        };
        return curve is null ? null : new PublicKeyJwk($$"""{"crv":"{{curve}}","kty":"EC","x":"{{Written(parameters.Q.X)}}","y":"{{Written(parameters.Q.Y)}}"}""", null);
    }

    private static PublicKeyJwk? OfRsa(PublicKey key)
    {
        using var pair = key.GetRSAPublicKey();
        if (pair is null) return null;
        var parameters = pair.ExportParameters(includePrivateParameters: false);
        return new PublicKeyJwk($$"""{"e":"{{Written(parameters.Exponent)}}","kty":"RSA","n":"{{Written(parameters.Modulus)}}"}""", pair.KeySize);
    }

    private static string Written(byte[]? number) => Base64Url.EncodeToString(number);
}
