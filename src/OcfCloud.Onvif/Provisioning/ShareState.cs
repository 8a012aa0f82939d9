namespace OcfCloud.Onvif.Provisioning;

/// <summary>How far a share is. The numbers are stored: they stay.</summary>
public enum ShareState
{
    /// <summary>The camera is offline: the work waits for it.</summary>
    Waiting = 0,

    /// <summary>The camera is being configured.</summary>
    Configuring = 1,

    /// <summary>The other cloud is told.</summary>
    Notifying = 2,

    /// <summary>The other cloud knows; its uplink is waited for.</summary>
    Connecting = 3,

    /// <summary>The other cloud's uplink stands.</summary>
    Connected = 4,

    /// <summary>The other cloud's uplink stands; ours is on its way out.</summary>
    Transferring = 5,

    /// <summary>The camera left.</summary>
    Transferred = 6,

    /// <summary>A transfer whose new uplink did not come in time: we keep our access.</summary>
    Incomplete = 7,

    /// <summary>The other cloud could not be told; the camera is configured.</summary>
    Unreachable = 8,

    /// <summary>What was done on the camera was taken back.</summary>
    Failed = 9,

    /// <summary>The owner takes the access back.</summary>
    Unsharing = 10,

    /// <summary>The access is taken back.</summary>
    Unshared = 11,

    /// <summary>Something went wrong: what was done on the camera is being taken back.</summary>
    RollingBack = 12,
}
