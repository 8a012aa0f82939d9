namespace OcfCloud.Onvif.Provisioning;

/// <summary>What came of an owner's wish about a share.</summary>
public enum ShareChange
{
    /// <summary>It is being done, or was already.</summary>
    Done,

    /// <summary>The user has no such camera, or the camera no such share.</summary>
    Unknown,

    /// <summary>Not in the state that the share is in.</summary>
    Conflict,
}
