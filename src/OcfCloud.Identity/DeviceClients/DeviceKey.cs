namespace OcfCloud.Identity.DeviceClients;

/// <summary>A device's public key, from the PKCS#10 request that it made with it.</summary>
public sealed class DeviceKey
{
    private DeviceKey(string thumbprint, string jwk, byte[] certificationRequest, string subject) =>
        (Thumbprint, Jwk, CertificationRequest, Subject) = (thumbprint, jwk, certificationRequest, subject);

    /// <summary>RFC 7638 thumbprint (SHA-256, base64url).</summary>
    public string Thumbprint { get; }

    /// <summary>The key as a JWK.</summary>
    public string Jwk { get; }

    /// <summary>The request, DER.</summary>
    public byte[] CertificationRequest { get; }

    /// <summary>The request's subject: a hint, compared with nothing.</summary>
    public string Subject { get; }

    /// <summary>Reads a request: one DER PKCS#10 request that is rightly signed by its own key, of P-256, P-384 or RSA of at least 3072 bits.</summary>
    /// <param name="certificationRequest">The request.</param>
    /// <param name="refusal">Why it cannot be used, in words.</param>
    /// <returns>The key, or null.</returns>
    public static DeviceKey? Read(ReadOnlySpan<byte> certificationRequest, out string? refusal) => throw new NotImplementedException();
}
