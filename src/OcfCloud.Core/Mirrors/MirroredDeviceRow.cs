using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Mirrors;

/// <summary>A mirrored device as it is stored.</summary>
internal sealed class MirroredDeviceRow
{
    public UserId UserId { get; init; }

    public Guid LinkedCloudId { get; init; }

    public DeviceId DeviceId { get; init; }

    public required string Name { get; set; }

    public required string[] Types { get; set; }

    public bool Online { get; set; }

    public MirroredDevice ToDevice() => new(UserId, LinkedCloudId, DeviceId, Name, Types, Online);
}
