namespace OcfCloud.Core.Subscriptions;

/// <summary>How the bodies of a subscription's notifications are written. The numbers are stored: they stay.</summary>
public enum NotificationEncoding
{
    /// <summary>application/json.</summary>
    Json = 1,

    /// <summary>application/vnd.ocf+cbor.</summary>
    Cbor = 2,
}
