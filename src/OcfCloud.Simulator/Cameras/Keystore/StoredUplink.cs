namespace OcfCloud.Simulator.Cameras.Keystore;

/// <summary>An uplink; its address is its key.</summary>
internal sealed record StoredUplink
{
    /// <summary>Where the camera connects.</summary>
    public required string RemoteAddress { get; init; }

    /// <summary>What the remote client may do: a level, or several with spaces between them.</summary>
    public required string UserLevel { get; init; }

    /// <summary>The certificate that is shown.</summary>
    public string? CertificateId { get; init; }

    /// <summary>What the remote client's certificate is checked with.</summary>
    public string? PolicyId { get; init; }

    /// <summary>Who gives access tokens.</summary>
    public string? AuthorizationServer { get; init; }
}
