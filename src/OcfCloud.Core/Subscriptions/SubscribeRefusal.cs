namespace OcfCloud.Core.Subscriptions;

/// <summary>Why a subscription was not made.</summary>
public enum SubscribeRefusal
{
    /// <summary>Not refused.</summary>
    None,

    /// <summary>The device is not this user's, or has not published the resource (404).</summary>
    UnknownTarget,

    /// <summary>The user has <see cref="SubscriptionOptions.MaxPerUser"/> subscriptions already (429).</summary>
    TooMany,
}
