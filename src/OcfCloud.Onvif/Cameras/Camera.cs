using OcfCloud.Core.Devices;

namespace OcfCloud.Onvif.Cameras;

/// <summary>A camera in a user's account: enrolled here, or let in by a share token of another cloud.</summary>
public sealed class Camera
{
    /// <summary>Characters of what a camera says of itself; longer texts are cut.</summary>
    public const int MaxTextLength = 256;

    /// <summary>Its key, and its id in the API.</summary>
    public Guid Id { get; init; }

    /// <summary>Whose it is.</summary>
    public UserId UserId { get; init; }

    /// <summary>Its client id at our authorization server.</summary>
    public required string ClientId { get; init; }

    /// <summary>How far it is.</summary>
    public CameraState State { get; set; }

    /// <summary>Why it is quarantined, in words.</summary>
    public string? Reason { get; set; }

    /// <summary>From GetDeviceInformation, as all that follow; null: never seen.</summary>
    public string? Manufacturer { get; set; }

    /// <summary>Its model.</summary>
    public string? Model { get; set; }

    /// <summary>Its serial number; not unique over manufacturers.</summary>
    public string? SerialNumber { get; set; }

    /// <summary>The version of its firmware.</summary>
    public string? FirmwareVersion { get; set; }

    /// <summary>Its hardware.</summary>
    public string? HardwareId { get; set; }

    /// <summary>The share that brought it; null: enrolled here.</summary>
    public Guid? IncomingShareId { get; init; }

    /// <summary>Since when it is in the account.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}
