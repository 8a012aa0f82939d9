namespace OcfCloud.Simulator.Cameras;

/// <summary>What GetDeviceInformation answers.</summary>
internal sealed record CameraIdentity
{
    /// <summary>The manufacturer.</summary>
    public string Manufacturer { get; init; } = "Acme";

    /// <summary>The model.</summary>
    public string Model { get; init; } = "AC-2000";

    /// <summary>The firmware that it runs.</summary>
    public string FirmwareVersion { get; init; } = "4.2.1";

    /// <summary>The serial number.</summary>
    public required string SerialNumber { get; init; }

    /// <summary>The hardware.</summary>
    public string HardwareId { get; init; } = "7B1";
}
