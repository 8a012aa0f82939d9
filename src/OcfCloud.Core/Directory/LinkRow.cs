using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Directory;

/// <summary>A published link as it is stored.</summary>
internal sealed class LinkRow : StoredLink
{
    public DeviceId DeviceId { get; init; }

    public int Ins { get; init; }

    public UserId UserId { get; init; }

    /// <summary>When it leaves the directory; null = never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }
}
