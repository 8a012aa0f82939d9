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

    /// <summary>Whether a key entry is there.</summary>
    public bool HasKey(string keyId) => Keys?.Any(one => one.KeyId == keyId) == true || Certificates.Any(one => one.KeyId == keyId);

    /// <summary>Whether the key entry of a certificate that a share uploaded came with it: a camera may link one that was there (a key of its own, or of another certificate).</summary>
    public bool IsKeyOf(StoredCertificate uploaded) => Keys?.FirstOrDefault(one => one.KeyId == uploaded.KeyId) is { } key
        ? key.Alias == uploaded.Alias && !key.HasPrivateKey
        : !Certificates.Any(other => other.CertificateId != uploaded.CertificateId && other.KeyId == uploaded.KeyId);
}
