using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Core.Certificates;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Pki;

/// <summary>Where a certificate, its chain and its key are: PEM, leaf first.</summary>
/// <param name="Path">The certificate file.</param>
/// <param name="KeyPath">The key's file, which may be the same.</param>
internal sealed record CertificateFiles(string Path, string KeyPath)
{
    /// <summary>Reads leaf and key.</summary>
    /// <exception cref="CryptographicException">The files are no certificate and key of one another.</exception>
    public X509Certificate2 LoadLeaf()
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(Path, KeyPath);
        }
        catch (ArgumentException e)
        {
            // What .NET throws where certificate and key do not belong together.
            throw new CryptographicException(e.Message, e);
        }
    }

    /// <summary>Reads everything that a TLS server presents.</summary>
    /// <exception cref="CryptographicException">The files are no certificate and key of one another.</exception>
    public SslStreamCertificateContext LoadContext() => SslStreamCertificateContext.Create(LoadLeaf(), PemBundle.Read(File.ReadAllText(Path)), offline: true);

    /// <summary>The files that the operator named, checked; null where none are named.</summary>
    /// <exception cref="SettingException">They are no certificate and key of one another.</exception>
    public static CertificateFiles? Configured(SettingsSource source, Setting<string?> pathSetting, Setting<string?> keySetting)
    {
        var path = source.Read(pathSetting);
        var keyPath = source.Read(keySetting);
        if (path is null)
        {
            return keyPath is null ? null : throw new SettingException(pathSetting.Key, $"is not set, but {keySetting.Key} is");
        }

        var files = new CertificateFiles(path, keyPath ?? path);
        try
        {
            using var leaf = X509CertificateLoader.LoadCertificateFromFile(path);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw SettingException.Refused(pathSetting, source, "is no certificate that can be read (PEM)");
        }

        try
        {
            using var leaf = files.LoadLeaf();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw SettingException.Refused(keyPath is null ? pathSetting : keySetting, source, "is no private key of that certificate (PEM)");
        }

        return files;
    }
}
