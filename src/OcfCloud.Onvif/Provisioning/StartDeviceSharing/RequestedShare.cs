using System.Text.Json;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.ShareTokens;

namespace OcfCloud.Onvif.Provisioning.StartDeviceSharing;

/// <summary>One of the device configurations of a startDeviceSharing, as far as it was looked at.</summary>
internal sealed class RequestedShare
{
    /// <summary>As it came.</summary>
    public required JsonElement Json { get; init; }

    /// <summary>The token byte for byte as it came: it is echoed.</summary>
    public required string Token { get; init; }

    /// <summary>The compact JWS in it.</summary>
    public required string CompactToken { get; init; }

    /// <summary>What the owner decided; set by <see cref="TokenChecks"/>.</summary>
    public ShareToken Row { get; set; } = null!;

    /// <summary>The camera; set by <see cref="TokenChecks"/>.</summary>
    public Camera Camera { get; set; } = null!;

    /// <summary>The rest of it; null where it is none.</summary>
    public DeviceConfiguration? Configuration { get; set; }

    /// <summary>By what a repeated request is known.</summary>
    public byte[] ConfigurationHash { get; set; } = [];

    /// <summary>The token was used with this very configuration before: nothing is to be done.</summary>
    public bool IsRepeat { get; set; }
}
