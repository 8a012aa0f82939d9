using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Core.Certificates;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Composition;

/// <summary>Certificates of authorities in the PEM files that settings name.</summary>
internal static class AuthorityFiles
{
    /// <summary>Reads all of a setting.</summary>
    /// <param name="key">The setting.</param>
    /// <param name="paths">Files, or folders of files.</param>
    /// <exception cref="SettingException">A file holds no certificate, or one that cannot be read.</exception>
    public static X509Certificate2Collection Read(string key, IEnumerable<string> paths)
    {
        var found = new X509Certificate2Collection();
        foreach (var path in paths)
        {
            foreach (var file in Directory.Exists(path) ? Directory.GetFiles(path) : [path]) found.AddRange(Read(key, file));
        }

        return found;
    }

    /// <summary>Reads one file.</summary>
    /// <exception cref="SettingException">It holds no certificate, or one that cannot be read.</exception>
    public static X509Certificate2Collection Read(string key, string file)
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
