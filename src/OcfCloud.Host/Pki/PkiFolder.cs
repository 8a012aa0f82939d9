using System.Net;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Host.Files;

namespace OcfCloud.Host.Pki;

/// <summary>The private authorities of an installation and what they certified: <c>device-ca</c>, <c>cloud-ca</c>, <c>cloud</c>, each <c>.pem</c> and <c>.key</c>.</summary>
/// <remarks>A key is written before its certificate, so a <c>.pem</c> that is there is complete: a kill in between starts that pair anew.</remarks>
internal sealed class PkiFolder(string path, TimeProvider time)
{
    private static readonly TimeSpan CloudLifetime = TimeSpan.FromDays(825);
    private static readonly TimeSpan DeviceLifetime = TimeSpan.FromDays(3650);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    public string DeviceAuthority => Path.Combine(path, "device-ca.pem");

    public string CloudAuthority => Path.Combine(path, "cloud-ca.pem");

    public string Cloud => Path.Combine(path, "cloud.pem");

    public string CloudKey => KeyOf(Cloud);

    /// <summary>Makes what is missing and leaves what is there, but for a cloud certificate that ends within 30 days: it is renewed for the same UUID.</summary>
    /// <param name="cloudId">The cloud's UUID; a new one where null.</param>
    /// <param name="names">DNS names and addresses beside this machine's.</param>
    /// <returns>The files that were made.</returns>
    /// <exception cref="FileNotFoundException">The cloud's certificate has to be made, and its authority's key is kept elsewhere.</exception>
    public IReadOnlyList<string> Ensure(Guid? cloudId, IReadOnlyCollection<string> names)
    {
        AtomicFile.CreatePrivateFolder(path);
        var made = new List<string>();
        using var devices = EnsureAuthority(DeviceAuthority, "OcfCloud device CA", made);
        using var cloud = EnsureAuthority(CloudAuthority, "OcfCloud CA", made);

        var id = cloudId ?? Guid.NewGuid();
        if (File.Exists(Cloud))
        {
            using var present = X509CertificateLoader.LoadCertificateFromFile(Cloud);
            var isGood = present.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime > RenewBefore;
            if (File.Exists(CloudKey) && (isGood || cloud is null))
            {
                return made;
            }

            id = IdentityCertificate.IdOf(present) ?? id;
        }

        if (cloud is null)
        {
            throw new FileNotFoundException($"{KeyOf(CloudAuthority)} is not there: without it no certificate can be made.", KeyOf(CloudAuthority));
        }

        // The authority's own certificate goes along: whoever is given the file alone can still tell its anchor.
        var issued = IdentityCertificate.Issue(cloud, id, [.. OwnNames(), .. names], CloudLifetime, time);
        AtomicFile.WriteSecret(CloudKey, issued.Key);
        AtomicFile.Write(Cloud, issued.Certificate + cloud.ExportCertificate());
        made.Add(Cloud);
        return made;
    }

    /// <summary>Certifies a device: <c>device.pem</c>, <c>device.key</c> and <c>cloud-ca.pem</c> in a folder of its own.</summary>
    /// <exception cref="FileNotFoundException">This folder holds no authority for devices.</exception>
    public void IssueDevice(Guid deviceId, string folder)
    {
        foreach (var needed in new[] { DeviceAuthority, KeyOf(DeviceAuthority), CloudAuthority })
        {
            if (!File.Exists(needed))
            {
                throw new FileNotFoundException($"{needed} is not there: pki init makes it.", needed);
            }
        }

        using var authority = CertificateAuthority.Load(DeviceAuthority, KeyOf(DeviceAuthority));
        var issued = IdentityCertificate.Issue(authority, deviceId, [], DeviceLifetime, time);
        AtomicFile.CreatePrivateFolder(folder);
        AtomicFile.WriteSecret(Path.Combine(folder, "device.key"), issued.Key);
        AtomicFile.Write(Path.Combine(folder, "device.pem"), issued.Certificate);
        AtomicFile.Write(Path.Combine(folder, "cloud-ca.pem"), File.ReadAllText(CloudAuthority));
    }

    private static string KeyOf(string certificatePath) => Path.ChangeExtension(certificatePath, ".key");

    private static IEnumerable<string> OwnNames()
    {
        yield return "localhost";
        yield return IPAddress.Loopback.ToString();
        yield return IPAddress.IPv6Loopback.ToString();
        var host = Dns.GetHostName();
        if (Uri.CheckHostName(host) == UriHostNameType.Dns)
        {
            yield return host;
        }
    }

    /// <summary>The authority, made where there is none; null where its key was taken away, to be kept elsewhere: another one would make strangers of all that it certified.</summary>
    private CertificateAuthority? EnsureAuthority(string certificatePath, string name, List<string> made)
    {
        if (File.Exists(certificatePath))
        {
            return File.Exists(KeyOf(certificatePath)) ? CertificateAuthority.Load(certificatePath, KeyOf(certificatePath)) : null;
        }

        var authority = CertificateAuthority.Create(name, time);
        AtomicFile.WriteSecret(KeyOf(certificatePath), authority.ExportKey());
        AtomicFile.Write(certificatePath, authority.ExportCertificate());
        made.Add(certificatePath);
        return authority;
    }
}
