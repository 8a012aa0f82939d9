namespace OcfCloud.Simulator.Cameras.Keystore;

/// <summary>A certification path validation policy.</summary>
internal sealed record StoredPolicy
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>What the client calls it; several may have the same.</summary>
    public string? Alias { get; init; }

    /// <summary>Certificates that are believed.</summary>
    public required IReadOnlyList<string> TrustAnchors { get; init; }
}
