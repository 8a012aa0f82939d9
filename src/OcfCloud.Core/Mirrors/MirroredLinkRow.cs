using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;

namespace OcfCloud.Core.Mirrors;

/// <summary>A link of a mirrored device as it is stored.</summary>
internal sealed class MirroredLinkRow : StoredLink
{
    public UserId UserId { get; init; }

    public Guid LinkedCloudId { get; init; }

    public DeviceId DeviceId { get; init; }
}
