namespace OcfCloud.Identity.DeviceClients;

/// <summary>A public key by which a device proves that it is a client (<c>private_key_jwt</c>, <c>tls_client_auth</c>). A key is one client's: a second one with it would be a clone.</summary>
public sealed class DeviceClientKey
{
    /// <summary>Characters of a key id.</summary>
    public const int MaxKeyIdLength = 256;

    /// <summary>RFC 7638 thumbprint (SHA-256, base64url).</summary>
    public required string Thumbprint { get; init; }

    /// <summary>The client.</summary>
    public required string ClientId { get; init; }

    /// <summary>The key as a JWK (RFC 7517).</summary>
    public required string Jwk { get; init; }

    /// <summary>The <c>kid</c> that it first signed under; null: none yet. A hint, not a proof.</summary>
    public string? KeyId { get; set; }

    /// <summary>The PKCS#10 request that brought it, DER.</summary>
    public required byte[] CertificationRequest { get; init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset RegisteredAt { get; init; }
}
