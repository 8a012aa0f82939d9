using System.Security.Cryptography.X509Certificates;
using OcfCloud.Host.Files;
using OcfCloud.Host.Pki;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Composition;

/// <summary>What cameras are given to check this cloud's certificates with: read when a camera gets it, for the files change under a running cloud.</summary>
internal static class CameraAnchors
{
    private static readonly string Key = CloudSettings.CameraTrustAnchors.Key;

    /// <summary>Finds what the operator named, or what stands for it.</summary>
    /// <exception cref="SettingException">A file that the operator named holds no certificate.</exception>
    public static Func<IReadOnlyList<X509Certificate2>> Of(SettingsSource source, DataFolder data)
    {
        var paths = source.Read(CloudSettings.CameraTrustAnchors);
        if (paths.Count > 0)
        {
            AuthorityFiles.Read(Key, paths);
            return () => [.. AuthorityFiles.Read(Key, paths)];
        }

        if (CertificateFiles.Configured(source, CloudSettings.HttpsPath, CloudSettings.HttpsKeyPath) is { } https)
            return () => [AuthorityFiles.Read(CloudSettings.HttpsPath.Key, https.Path)[^1]];
        var authority = new PkiFolder(data.Pki, TimeProvider.System).CloudAuthority;
        return () => File.Exists(authority)
            ? [.. AuthorityFiles.Read(Key, authority)]
            : throw new SettingException(Key, "is not set, and this cloud has made no certificate yet: it does at its first start");
    }
}
