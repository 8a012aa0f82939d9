namespace OcfCloud.Core.Subscriptions;

/// <summary>Why a subscription was not made.</summary>
public enum SubscribeRefusal
{
    /// <summary>Not refused.</summary>
    None,

    /// <summary>The device is not this user's, or has not published the resource (404).</summary>
    UnknownTarget,

    /// <summary>The user has <see cref="SubscriptionOptions.MaxPerUser"/> subscriptions already, or <see cref="SubscriptionOptions.MaxPerTarget"/> to this target (429).</summary>
    TooMany,

    /// <summary>The user does not let the client in any more (401).</summary>
    NotLetIn,
}
