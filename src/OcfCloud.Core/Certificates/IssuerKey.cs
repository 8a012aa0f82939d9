using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Core.Certificates;

/// <summary>Who issues certificates and revocation lists: a name with a public key. A renewed or cross-signed certificate of the same authority is the same issuer.</summary>
/// <param name="Digest">Of both.</param>
public readonly record struct IssuerKey(Sha256Digest Digest)
{
    /// <summary>The issuer that an authority's certificate is of.</summary>
    public static IssuerKey Of(X509Certificate2 authority) =>
        new(Sha256Digest.From(SHA256.HashData([.. authority.SubjectName.RawData, .. authority.PublicKey.ExportSubjectPublicKeyInfo()])));
}
