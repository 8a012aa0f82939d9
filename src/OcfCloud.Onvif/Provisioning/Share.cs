using OcfCloud.Core.Devices;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>A camera that is shared with, or transferred to, another cloud: the durable job of the Provisioning Cloud Service, and what stands after it.</summary>
public sealed class Share
{
    /// <summary>Its key, and its id in the API.</summary>
    public Guid Id { get; init; }

    /// <summary>The camera.</summary>
    public Guid CameraId { get; init; }

    /// <summary>The owner.</summary>
    public UserId UserId { get; init; }

    /// <summary>The token that was used up for it.</summary>
    public Guid TokenId { get; init; }

    /// <summary>Share or transfer.</summary>
    public ShareMode Mode { get; init; }

    /// <summary>How far it is.</summary>
    public ShareState State { get; set; }

    /// <summary>Why it is there, in words for the owner.</summary>
    public string? Reason { get; set; }

    /// <summary>The configuration that was asked for, JSON of <see cref="DeviceConfiguration"/> without its token.</summary>
    public required string Configuration { get; init; }

    /// <summary>The token byte for byte as it came, encrypted: it is echoed in deviceSharingCompleted.</summary>
    public byte[]? EchoedToken { get; set; }

    /// <summary>The other cloud, by <see cref="CloudAuthority"/>: says whether two shares are with the same cloud.</summary>
    public required string ServerAuthority { get; init; }

    /// <summary>The certification request that the camera made, DER.</summary>
    public byte[]? CertificationRequest { get; set; }

    /// <summary>Since when.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When what it does now is given up.</summary>
    public DateTimeOffset DeadlineAt { get; set; }

    /// <summary>When it is to be worked on again; null: never by itself.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Attempts at what it does now.</summary>
    public int Attempts { get; set; }

    /// <summary>Since when the other cloud's uplink is seen to stand.</summary>
    public DateTimeOffset? ConnectedSince { get; set; }

    /// <summary>The node that works on it.</summary>
    public Guid? LeaseOwner { get; set; }

    /// <summary>Until when.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }
}
