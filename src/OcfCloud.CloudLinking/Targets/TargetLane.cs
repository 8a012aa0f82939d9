namespace OcfCloud.CloudLinking.Targets;

/// <summary>Kinds of requests to a Target Cloud, each with places of its own.</summary>
internal enum TargetLane
{
    /// <summary>Somebody waits for it: a client's request.</summary>
    Requests,

    /// <summary>Synchronisation, subscriptions, unlinking.</summary>
    Background,

    /// <summary>The authorization server.</summary>
    Tokens,
}
