namespace OcfCloud.Onvif.Soap;

/// <summary>The web services of a camera that are called here.</summary>
internal enum CameraService
{
    /// <summary>tds: at a path that is fixed (Core, 5.1.1).</summary>
    Device,

    /// <summary>tas: at the path that GetServices names, as all others.</summary>
    Security,

    /// <summary>tup.</summary>
    Uplink,
}
