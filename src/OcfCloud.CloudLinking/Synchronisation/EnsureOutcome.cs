namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>How a wanted subscription at another cloud stands after it was asked for.</summary>
internal enum EnsureOutcome
{
    /// <summary>It is there: events come.</summary>
    Live,

    /// <summary>Its row is there; the other cloud did not answer well, or somebody else is just asking it. It is tried again by itself as long as it is wanted.</summary>
    Pending,

    /// <summary>The other cloud knows no such device or resource; no row is kept.</summary>
    UnknownTarget,

    /// <summary>The other cloud takes no subscriptions of that kind; no row is kept for a resource.</summary>
    NoEvents,

    /// <summary>There is no such account, it is being unlinked, or has to be linked again.</summary>
    NoAccount,
}
