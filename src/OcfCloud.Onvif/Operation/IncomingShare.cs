using OcfCloud.Core.Devices;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Operation;

/// <summary>A camera of another cloud that a user here asks for with a share token: the Operational Cloud Service's side.</summary>
public sealed class IncomingShare
{
    /// <summary>Its key, and its id in the API.</summary>
    public Guid Id { get; init; }

    /// <summary>Who asks.</summary>
    public UserId UserId { get; init; }

    /// <summary>How far it is.</summary>
    public IncomingShareState State { get; set; }

    /// <summary>Why it is there, in words.</summary>
    public string? Reason { get; set; }

    /// <summary>Where the other cloud takes startDeviceSharing, from the token, which nobody has checked.</summary>
    public required string Xaddr { get; init; }

    /// <summary>What the token promises; the camera has to say the same.</summary>
    public required string Manufacturer { get; init; }

    /// <summary>What the token promises.</summary>
    public required string Model { get; init; }

    /// <summary>What the token promises.</summary>
    public required string SerialNumber { get; init; }

    /// <summary>Informative; null where the token says nothing of it that is known here.</summary>
    public ShareMode? Mode { get; init; }

    /// <summary>What is asked for.</summary>
    public UserLevel UserLevel { get; init; }

    /// <summary>The token as the user gave it, encrypted.</summary>
    public required byte[] Token { get; init; }

    /// <summary>SHA-256 of the compact JWS.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>The secret part of the address at which this share is completed, encrypted.</summary>
    public required byte[] Nonce { get; init; }

    /// <summary>SHA-256 of it.</summary>
    public required byte[] NonceHash { get; init; }

    /// <summary>The camera's client id here.</summary>
    public required string ClientId { get; init; }

    /// <summary>The camera, once its key is registered.</summary>
    public Guid? CameraId { get; set; }

    /// <summary>RFC 7638 thumbprint of the key that was registered.</summary>
    public string? KeyThumbprint { get; set; }

    /// <summary>Since when.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is given up.</summary>
    public DateTimeOffset DeadlineAt { get; set; }

    /// <summary>When startDeviceSharing is to be sent; null: not (any more).</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>The node that sends it.</summary>
    public Guid? LeaseOwner { get; set; }

    /// <summary>Until when.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }
}
