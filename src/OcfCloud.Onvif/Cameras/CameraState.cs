namespace OcfCloud.Onvif.Cameras;

/// <summary>How far a camera is. The numbers are stored: they stay.</summary>
public enum CameraState
{
    /// <summary>Its key is known; it never connected.</summary>
    Waiting = 0,

    /// <summary>It connected and said who it is; whether it is online is said by its uplinks.</summary>
    Active = 1,

    /// <summary>It said that it is another one than the share token had promised.</summary>
    Quarantined = 2,

    /// <summary>Another cloud has it: its client is disabled.</summary>
    Transferred = 3,
}
