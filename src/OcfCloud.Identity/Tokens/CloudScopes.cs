namespace OcfCloud.Identity.Tokens;

/// <summary>The scopes that this cloud grants (cloud-to-cloud.md, 1.2).</summary>
public static class CloudScopes
{
    /// <summary>Reading device data.</summary>
    public const string Read = "r:*";

    /// <summary>Updating the content of published resources.</summary>
    public const string Write = "w:*";

    /// <summary>A refresh token.</summary>
    public const string OfflineAccess = "offline_access";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Read, Write, OfflineAccess, ScopeSet.Mediator, ScopeSet.Cameras];

    /// <summary>What a client gets that is registered without naming any: what a peer cloud needs.</summary>
    public static IReadOnlyList<string> OfPeerClouds { get; } = [Read, Write, OfflineAccess];
}
