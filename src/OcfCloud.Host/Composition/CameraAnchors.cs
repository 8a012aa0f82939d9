using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Core.Certificates;
using OcfCloud.Host.Files;
using OcfCloud.Host.Pki;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Composition;

/// <summary>What cameras are given to check this cloud's certificates with: read when a camera gets it, for the files change under a running cloud.</summary>
internal static class CameraAnchors
{
    /// <summary>Finds what the operator named, or what stands for it.</summary>
    /// <exception cref="SettingException">A file that the operator named holds no certificate.</exception>
    public static Func<IReadOnlyList<X509Certificate2>> Of(SettingsSource source, DataFolder data)
    {
        var paths = source.Read(CloudSettings.CameraTrustAnchors);
        if (paths.Count > 0)
        {
            Named(paths);
            return () => Named(paths);
        }

        if (CertificateFiles.Configured(source, CloudSettings.HttpsPath, CloudSettings.HttpsKeyPath) is { } https) return () => [Load(https.Path, CloudSettings.HttpsPath.Key)[^1]];
        var authority = new PkiFolder(data.Pki, TimeProvider.System).CloudAuthority;
        return () => File.Exists(authority)
            ? [.. Load(authority, CloudSettings.CameraTrustAnchors.Key)]
            : throw new SettingException(CloudSettings.CameraTrustAnchors.Key, "is not set, and this cloud has made no certificate yet: it does at its first start");
    }

    private static List<X509Certificate2> Named(IReadOnlyList<string> paths) =>
        [.. paths.SelectMany(path => Directory.Exists(path) ? Directory.GetFiles(path) : [path]).SelectMany(file => Load(file, CloudSettings.CameraTrustAnchors.Key))];

    private static X509Certificate2Collection Load(string file, string key)
    {
        try
        {
            return PemBundle.Read(File.ReadAllText(file)) is { Count: > 0 } certificates ? certificates : throw new SettingException(key, file, "holds no certificate (PEM)");
        }
        catch (CryptographicException)
        {
            throw new SettingException(key, file, "holds something that is no certificate (PEM)");
        }
    }
}
