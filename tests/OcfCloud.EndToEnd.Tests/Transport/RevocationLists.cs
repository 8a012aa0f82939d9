using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Transport;

/// <summary>Makes revocation lists as the devices' authority does, or as somebody else would.</summary>
internal static class RevocationLists
{
    public static byte[] Issue(Cloud cloud, int number, params X509Certificate2[] revoked)
    {
        using var authority = Authority(cloud);
        using var key = authority.GetECDsaPrivateKey()!;
        return Build(authority, key, number, revoked);
    }

    /// <summary>In the authority's name, signed with another key.</summary>
    public static byte[] Forge(Cloud cloud, int number, params X509Certificate2[] revoked)
    {
        using var authority = Authority(cloud);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Build(authority, key, number, revoked);
    }

    private static X509Certificate2 Authority(Cloud cloud) => X509Certificate2.CreateFromPemFile(cloud.Pki("device-ca.pem"), cloud.Pki("device-ca.key"));

    private static byte[] Build(X509Certificate2 authority, ECDsa key, int number, X509Certificate2[] revoked)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (var certificate in revoked)
        {
            builder.AddEntry(certificate);
        }

        return builder.Build(
            authority.SubjectName,
            X509SignatureGenerator.CreateForECDsa(key),
            number,
            DateTimeOffset.UtcNow.AddDays(1),
            HashAlgorithmName.SHA256,
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
    }
}
