using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Devices;

/// <summary>Issues device certificates with the cloud's device authority, as a maker would; hundreds of them in a moment.</summary>
internal static class DeviceCertificates
{
    /// <summary>A certificate with the given common name: <c>uuid:…</c> binds it to a device id, another name to none.</summary>
    public static X509Certificate2 Issue(Cloud cloud, string commonName)
    {
        using var authority = X509Certificate2.CreateFromPemFile(cloud.Pki("device-ca.pem"), cloud.Pki("device-ca.key"));
        return Issue(authority, commonName);
    }

    public static X509Certificate2 Issue(Cloud cloud, Guid device) => Issue(cloud, $"uuid:{device}");

    /// <summary>The same of an authority that the cloud does not know.</summary>
    public static X509Certificate2 IssueByStranger(string commonName)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Stranger", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        using var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return Issue(authority, commonName);
    }

    /// <summary>A stranger's with a name that .NET cannot show: a PrintableString with a sign that it may not have (X.680, 41.4).</summary>
    public static X509Certificate2 WithUnreadableName()
    {
        byte[] name = [0x30, 0x0E, 0x31, 0x0C, 0x30, 0x0A, 0x06, 0x03, 0x55, 0x04, 0x03, 0x13, 0x03, (byte)'a', (byte)'@', (byte)'b'];
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest(new X500DistinguishedName(name), key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string commonName)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2"), new("1.3.6.1.4.1.44924.1.6")], critical: false));
        using var leaf = request.Create(authority, new DateTimeOffset(authority.NotBefore), new DateTimeOffset(authority.NotAfter), RandomNumberGenerator.GetBytes(12));
        using var withKey = leaf.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}
