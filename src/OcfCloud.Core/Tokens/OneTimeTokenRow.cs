using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Tokens;

/// <summary>A one-time token, known by its hash.</summary>
internal sealed class OneTimeTokenRow
{
    public required byte[] Hash { get; init; }

    public UserId UserId { get; init; }

    /// <summary>The only device that it registers; null = any one.</summary>
    public DeviceId? BoundTo { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The device that it registered.</summary>
    public DeviceId? UsedBy { get; set; }

    /// <summary>The tokens that came of it.</summary>
    public Guid? FamilyId { get; set; }
}
