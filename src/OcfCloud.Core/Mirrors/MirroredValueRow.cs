using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Mirrors;

/// <summary>The last representation of an observed resource of a mirrored device, as it is stored.</summary>
internal sealed class MirroredValueRow
{
    public UserId UserId { get; init; }

    public Guid LinkedCloudId { get; init; }

    public DeviceId DeviceId { get; init; }

    public required string Href { get; init; }

    public required byte[] Representation { get; set; }

    public int ContentFormat { get; set; }

    public long Version { get; set; }
}
