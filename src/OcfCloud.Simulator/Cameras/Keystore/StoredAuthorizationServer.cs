namespace OcfCloud.Simulator.Cameras.Keystore;

/// <summary>An authorization server configuration.</summary>
internal sealed record StoredAuthorizationServer
{
    /// <summary>Its token, as ONVIF calls references.</summary>
    public required string Id { get; init; }

    /// <summary><c>private_key_jwt</c> or <c>tls_client_auth</c>.</summary>
    public required string ClientAuth { get; init; }

    /// <summary>The full address of the metadata document.</summary>
    public required string ServerUri { get; init; }

    /// <summary>The client.</summary>
    public string? ClientId { get; init; }

    /// <summary>Scopes, with spaces between them.</summary>
    public string? Scope { get; init; }

    /// <summary>The key that signs assertions.</summary>
    public string? KeyId { get; init; }

    /// <summary>The certificate that is shown.</summary>
    public string? CertificateId { get; init; }

    /// <summary>What the server's certificate is checked with.</summary>
    public string? PolicyId { get; init; }
}
