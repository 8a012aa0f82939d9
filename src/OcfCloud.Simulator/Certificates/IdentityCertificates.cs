using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OcfCloud.Simulator.DataFiles;

namespace OcfCloud.Simulator.Certificates;

/// <summary>
/// The certificates of simulated devices and mediators: kept beside their state, made with the device CA where there is none that still fits.
/// </summary>
internal sealed class IdentityCertificates(DataDirectory data, TimeProvider time)
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);
    private readonly DeviceAuthority _authority = new(data.DeviceAuthority, data.DeviceAuthorityKey, time);

    /// <summary>The certificate of <paramref name="id"/>, kept as <c>simulator/&lt;name&gt;.pem</c> and <c>.key</c>.</summary>
    /// <exception cref="FileNotFoundException">There is no device CA to make one with.</exception>
    public X509Certificate2 Get(string name, Guid id)
    {
        var certificatePath = data.SimulatorFile(name + ".pem");
        var keyPath = data.SimulatorFile(name + ".key");
        if (TryLoad(certificatePath, keyPath) is { } kept)
        {
            if (StillFits(kept, id))
                return kept;
            kept.Dispose();
        }

        if (!_authority.Exists)
        {
            throw new FileNotFoundException(
                $"No certificate for {name}: {data.DeviceAuthority} and its key are not there to make one with; "
                + "start the cloud once, or name --cert and --key.");
        }

        data.EnsureSimulatorFolder();
        var made = _authority.Issue(id);
        using (var key = made.GetECDsaPrivateKey()!)
            PrivateFile.Replace(keyPath, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        PrivateFile.Replace(certificatePath, Encoding.ASCII.GetBytes(made.ExportCertificatePem() + "\n"));
        return made;
    }

    private bool StillFits(X509Certificate2 certificate, Guid id)
    {
        if (!CertificateIdentity.TryRead(certificate, out var subject) || subject != id)
            return false;
        if (!_authority.Exists)
            return true;
        using var issuer = X509CertificateLoader.LoadCertificateFromFile(data.DeviceAuthority);
        using var chain = new X509Chain { ChainPolicy = TrustAnchors.PolicyFor([issuer]) };
        return certificate.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime > RenewBefore && chain.Build(certificate);
    }

    private static X509Certificate2? TryLoad(string certificatePath, string keyPath)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
        }
        catch (Exception e) when (e is IOException or CryptographicException)
        {
            return null;
        }
    }
}
