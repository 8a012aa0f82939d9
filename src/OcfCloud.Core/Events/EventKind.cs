namespace OcfCloud.Core.Events;

/// <summary>What can happen. The numbers are stored: they stay.</summary>
public enum EventKind
{
    /// <summary>No event but a hint that something was missed: treat everything as changed. Never stored.</summary>
    EverythingChanged = 0,

    /// <summary>devices_registered: a device has a user now.</summary>
    DeviceRegistered = 1,

    /// <summary>devices_unregistered: a device has left its user.</summary>
    DeviceUnregistered = 2,

    /// <summary>devices_online: a device signed in.</summary>
    DeviceOnline = 3,

    /// <summary>devices_offline: a device's session ended.</summary>
    DeviceOffline = 4,

    /// <summary>resources_published: links are new or changed.</summary>
    ResourcesPublished = 5,

    /// <summary>resources_unpublished: links left the directory.</summary>
    ResourcesUnpublished = 6,

    /// <summary>resource_contentchanged: a representation differs from the one before.</summary>
    ResourceContentChanged = 7,

    /// <summary>subscription_cancelled: a subscription has ended.</summary>
    SubscriptionCancelled = 8,

    /// <summary>Internal: a user's access rules were replaced.</summary>
    AccessRulesChanged = 101,

    /// <summary>Internal: a setting of a device (its twin) changed.</summary>
    DeviceSettingsChanged = 102,

    /// <summary>Internal: sessions of a device up to and including <see cref="Hint.Session"/> are over; their connections have to close.</summary>
    SessionRevoked = 103,

    /// <summary>Internal: a user is gone with all that was the user's.</summary>
    UserRemoved = 104,

    /// <summary>Internal: a subscription was made and waits for its first notifications.</summary>
    SubscriptionMade = 105,

    /// <summary>No event but a hint that notifications wait to be sent. Never stored.</summary>
    NotificationsWait = 106,

    /// <summary>Internal: a device mirrored from another cloud came, went or changed (<see cref="Hint.Device"/>), or all of a user may have.</summary>
    MirrorChanged = 107,

    /// <summary>Internal: a representation of a device mirrored from another cloud changed.</summary>
    MirroredValueChanged = 108,

    /// <summary>Internal: a camera, its shares or its uplinks changed (<see cref="Hint.Device"/> is the camera's id), or something of a user's cameras did.</summary>
    CameraChanged = 109,
}
