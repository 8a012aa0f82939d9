namespace OcfCloud.Onvif.Operation;

/// <summary>How far a camera is that a user asked another cloud for. The numbers are stored: they stay.</summary>
public enum IncomingShareState
{
    /// <summary>Shown to the user; nothing was sent.</summary>
    Proposed = 0,

    /// <summary>startDeviceSharing is on its way.</summary>
    Requesting = 1,

    /// <summary>The other cloud took it.</summary>
    Requested = 2,

    /// <summary>The camera's key is registered.</summary>
    Completed = 3,

    /// <summary>The camera is here and is the one that was promised.</summary>
    Connected = 4,

    /// <summary>The camera is another one than was promised.</summary>
    Quarantined = 5,

    /// <summary>The other cloud refused, or could not be asked.</summary>
    Failed = 6,

    /// <summary>Nothing came in time.</summary>
    TimedOut = 7,
}
