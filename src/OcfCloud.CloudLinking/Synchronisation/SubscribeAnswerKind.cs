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

    /// <summary>Any other 4xx for a device or a resource: it does not want this one, and the others are not touched by that.</summary>
    Refused,

    /// <summary>No answer, or one after which it is worth to ask again.</summary>
    Failed,

    /// <summary>No call is made until the user links again.</summary>
    NeedsLinking,
}
