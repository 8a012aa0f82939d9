namespace OcfCloud.Simulator.Devices;

/// <summary>What can be simulated.</summary>
internal enum DeviceKind
{
    /// <summary>A lamp that can be switched and dimmed.</summary>
    Light,

    /// <summary>A thermometer.</summary>
    Sensor,

    /// <summary>A switch.</summary>
    Switch,

    /// <summary>A client: a device without resources of its own.</summary>
    Client,
}
