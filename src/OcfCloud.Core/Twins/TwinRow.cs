using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Twins;

/// <summary>The last representation known of a resource, as it is stored.</summary>
internal sealed class TwinRow
{
    public DeviceId DeviceId { get; init; }

    public required string Href { get; init; }

    public required byte[] Representation { get; set; }

    public int ContentFormat { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>The session that it came from.</summary>
    public long Session { get; set; }
}
