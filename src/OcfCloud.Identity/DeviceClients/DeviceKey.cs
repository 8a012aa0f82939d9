using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Identity.DeviceClients;

/// <summary>A device's public key, from the PKCS#10 request that it made with it.</summary>
public sealed class DeviceKey
{
    /// <summary>Bytes of a request: one with a large RSA key and attributes has less than half.</summary>
    public const int MaxRequestLength = 8 * 1024;

    private const int LeastRsaBits = 3072;
    private const int LeastShortRsaBits = 2048;

    // What a check of a signature costs grows with the square of this.
    private const int MostRsaBits = 8192;

    private DeviceKey(string thumbprint, string jwk, byte[] certificationRequest, string subject) =>
        (Thumbprint, Jwk, CertificationRequest, Subject) = (thumbprint, jwk, certificationRequest, subject);

    /// <summary>RFC 7638 thumbprint (SHA-256, base64url).</summary>
    public string Thumbprint { get; }

    /// <summary>The key as a JWK.</summary>
    public string Jwk { get; }

    /// <summary>The request, DER.</summary>
    public byte[] CertificationRequest { get; }

    /// <summary>The request's subject, in one line: a hint, compared with nothing.</summary>
    public string Subject { get; }

    /// <summary>Reads a request: one DER PKCS#10 request (RFC 2986) that is rightly signed by its own key, of P-256, P-384 or RSA of at least 3072 bits.</summary>
    /// <param name="certificationRequest">The request.</param>
    /// <param name="refusal">Why it cannot be used, in words.</param>
    /// <param name="allowShortRsaKeys">Whether RSA keys of 2048 bits are taken too (<see cref="DeviceClientOptions.AllowShortRsaKeys"/>).</param>
    /// <returns>The key, or null.</returns>
    public static DeviceKey? Read(ReadOnlySpan<byte> certificationRequest, out string? refusal, bool allowShortRsaKeys = false)
    {
        refusal = certificationRequest.Length switch
        {
            0 => "The certification request is empty.",
            > MaxRequestLength => $"The certification request has more than {MaxRequestLength} bytes.",
            _ => null,
        };
        if (refusal is not null) return null;
        if (Load(certificationRequest) is not { } request)
        {
            refusal = "This is not one DER PKCS#10 certification request that is signed by its own key.";
            return null;
        }

        var jwk = PublicKeyJwk.Of(request.PublicKey);
        refusal = jwk switch
        {
            null => "The request's key is neither of P-256 or P-384 nor an RSA key.",
            { RsaBits: { } bits } when bits < (allowShortRsaKeys ? LeastShortRsaBits : LeastRsaBits) =>
                $"The request's RSA key has {bits} bits, and {(allowShortRsaKeys ? LeastShortRsaBits : LeastRsaBits)} is the least.",
            { RsaBits: > MostRsaBits } => $"The request's RSA key has more than {MostRsaBits} bits.",
            _ => null,
        };
        return refusal is null ? new DeviceKey(jwk!.Thumbprint, jwk.Text, certificationRequest.ToArray(), InOneLine(request.SubjectName.Name)) : null;
    }

    private static string InOneLine(string text) => new([.. text.Select(character => char.IsControl(character) ? ' ' : character)]);

    // Loading checks the request's signature.
    private static CertificateRequest? Load(ReadOnlySpan<byte> certificationRequest)
    {
        try
        {
            var request = CertificateRequest.LoadSigningRequest(certificationRequest, HashAlgorithmName.SHA256, out var read);
            return read == certificationRequest.Length ? request : null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException or FormatException)
        {
            return null;
        }
    }
}
