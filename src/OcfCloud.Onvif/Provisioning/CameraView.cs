using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>What a camera can and what is on it, read before anything is changed.</summary>
internal sealed record CameraView(
    DeviceInformation Information,
    UplinkCapabilities UplinkCapabilities,
    SecurityCapabilities SecurityCapabilities,
    IReadOnlyList<UplinkEntry> Uplinks,
    IReadOnlyList<AuthorizationServerEntry> AuthorizationServers,
    IReadOnlyList<StoredCertificate> Certificates,
    IReadOnlyList<StoredPolicy> Policies)
{
    /// <summary>Null: the camera does not say.</summary>
    public IReadOnlyList<StoredKey>? Keys { get; init; }
}
