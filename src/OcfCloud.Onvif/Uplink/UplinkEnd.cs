namespace OcfCloud.Onvif.Uplink;

/// <summary>Why an uplink ended.</summary>
internal enum UplinkEnd
{
    /// <summary>The camera closed the connection, or the network did.</summary>
    CameraLeft,

    /// <summary>HTTP/2 gave it up: a PING was not answered, the camera sent GOAWAY, or something that is no HTTP/2.</summary>
    Broken,

    /// <summary>A newer connection of the same camera and kind took its place.</summary>
    Replaced,

    /// <summary>The camera is not let in any more.</summary>
    Revoked,

    /// <summary>A feature asked for it.</summary>
    Closed,

    /// <summary>This node stops.</summary>
    Stopping,
}
