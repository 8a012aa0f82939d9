namespace OcfCloud.Simulator.Cameras.Keystore;

/// <summary>A certificate of the keystore.</summary>
internal sealed record StoredCertificate
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The key of its public key.</summary>
    public required string KeyId { get; init; }

    /// <summary>What the client calls it.</summary>
    public string? Alias { get; init; }

    /// <summary>X.509, DER.</summary>
    public required byte[] Content { get; init; }
}
