namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>Kinds of answers to a request for a subscription.</summary>
internal enum SubscribeAnswerKind
{
    /// <summary>201.</summary>
    Made,

    /// <summary>404 for a device or a resource.</summary>
    UnknownTarget,

    /// <summary>404 for all devices, 405 or 501: it takes no subscriptions of that kind.</summary>
    NoEvents,

    /// <summary>Any other answer for a device or a resource that is no success: it does not want this one, and the others are not touched by that.</summary>
    Refused,

    /// <summary>5xx for a device or a resource: it has trouble with this one, and is asked again sooner.</summary>
    Broken,

    /// <summary>No answer, or one that says something of all subscriptions of the account.</summary>
    Failed,

    /// <summary>No call is made until the user links again.</summary>
    NeedsLinking,
}
