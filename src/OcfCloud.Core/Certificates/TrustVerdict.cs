namespace OcfCloud.Core.Certificates;

/// <summary>What was found about a peer's certificate.</summary>
public enum TrustVerdict
{
    /// <summary>It is good.</summary>
    Trusted,

    /// <summary>No path of good signatures leads from it to an anchor.</summary>
    NoPathToAnchor,

    /// <summary>It, or one above it, is not valid yet or no longer.</summary>
    OutOfValidity,

    /// <summary>It, or one above it, is made for other purposes.</summary>
    WrongUsage,

    /// <summary>It names more than one device.</summary>
    AmbiguousIdentity,

    /// <summary>It, or one above it, was revoked.</summary>
    Revoked,

    /// <summary>It cannot be read.</summary>
    Unreadable,
}
