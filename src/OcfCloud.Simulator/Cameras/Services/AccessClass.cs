namespace OcfCloud.Simulator.Cameras.Services;

/// <summary>What an operation touches (ONVIF Core, "Default Access Policy Definition").</summary>
internal enum AccessClass
{
    /// <summary>PRE_AUTH: everybody.</summary>
    PreAuthentication,

    /// <summary>READ_SYSTEM: User and above.</summary>
    ReadSystem,

    /// <summary>READ_SYSTEM_SECRET: Administrator.</summary>
    ReadSystemSecret,

    /// <summary>WRITE_SYSTEM: Administrator.</summary>
    WriteSystem,

    /// <summary>UNRECOVERABLE: Administrator.</summary>
    Unrecoverable,
}
