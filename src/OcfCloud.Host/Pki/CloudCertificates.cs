using System.Security.Cryptography.X509Certificates;
using OcfCloud.Host.Files;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Pki;

/// <summary>The certificates of the doors and who the cloud is by them.</summary>
/// <param name="Https">What apps and people see.</param>
/// <param name="Coaps">What devices see.</param>
/// <param name="DeviceAnchors">Files and folders that device certificates lead to.</param>
/// <param name="CloudId">The cloud's UUID (<c>sid</c>).</param>
internal sealed record CloudCertificates(CertificateFiles Https, CertificateFiles Coaps, IReadOnlyList<string> DeviceAnchors, Guid CloudId)
{
    /// <summary>Finds what the operator named; Development makes the rest at its first start.</summary>
    /// <exception cref="SettingException">Something is missing or cannot be used.</exception>
    public static async Task<CloudCertificates> PrepareAsync(SettingsSource source, DataFolder data, TimeProvider time, CancellationToken cancellation)
    {
        var https = CertificateFiles.Configured(source, CloudSettings.HttpsPath, CloudSettings.HttpsKeyPath);
        var coaps = CertificateFiles.Configured(source, CloudSettings.CoapsPath, CloudSettings.CoapsKeyPath);
        var anchors = source.Read(CloudSettings.DeviceTrustAnchors);
        if (source.IsDevelopment && (https is null || coaps is null || anchors.Count == 0))
        {
            var pki = await EnsurePkiAsync(source, data, time, cancellation);
            var made = new CertificateFiles(pki.Cloud, pki.CloudKey);
            https ??= made;
            coaps ??= made;
            anchors = anchors.Count > 0 ? anchors : [pki.DeviceAuthority];
        }

        var door = coaps ?? throw Missing(CloudSettings.CoapsPath);
        return new CloudCertificates(
            https ?? throw Missing(CloudSettings.HttpsPath),
            door,
            anchors.Count > 0 ? anchors : throw Missing(CloudSettings.DeviceTrustAnchors),
            CloudIdOf(source, door));
    }

    /// <summary>Makes the private authorities of Development where they are missing; one process at a time.</summary>
    public static async Task<PkiFolder> EnsurePkiAsync(SettingsSource source, DataFolder data, TimeProvider time, CancellationToken cancellation)
    {
        AtomicFile.CreatePrivateFolder(data.Path);
        var pki = new PkiFolder(data.Pki, time);
        using (await FileLock.TakeAsync(data.PkiLock, time, cancellation))
        {
            pki.Ensure(source.Read(CloudSettings.CloudId), []);
        }

        return pki;
    }

    private static Guid CloudIdOf(SettingsSource source, CertificateFiles coaps)
    {
        using var leaf = X509CertificateLoader.LoadCertificateFromFile(coaps.Path);
        var certified = IdentityCertificate.IdOf(leaf);
        var configured = source.Read(CloudSettings.CloudId);
        return (configured, certified) switch
        {
            ({ } id, { } other) when id != other => throw SettingException.Refused(CloudSettings.CloudId, source, $"is not the UUID of the coaps certificate, {other:D}"),
            ({ } id, _) => id,
            (null, { } id) => id,
            _ => throw new SettingException(CloudSettings.CloudId.Key, $"is not set, and {CloudSettings.CoapsPath.Key} has no uuid:<UUID> as its CN"),
        };
    }

    private static SettingException Missing(Setting setting) => new(setting.Key, "is not set, and only Development makes one by itself");
}
