namespace OcfCloud.Simulator.Cameras.Uplinks;

/// <summary>States of an uplink, by the names that GetUplinks shows.</summary>
internal enum UplinkStatus
{
    /// <summary>Not connected; the camera waits before it tries again.</summary>
    Offline,

    /// <summary>On its way.</summary>
    Connecting,

    /// <summary>The remote client speaks.</summary>
    Connected,
}
