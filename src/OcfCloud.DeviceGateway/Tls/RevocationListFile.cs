using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OcfCloud.Core.Certificates;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace OcfCloud.DeviceGateway.Tls;

/// <summary>Reads the revocation lists out of a file (PEM blocks, or one list in DER) and checks them: the platform cannot check against a list that it is given.</summary>
internal static class RevocationListFile
{
    private const string PemLabel = "X509 CRL";
    private const string PemBegin = "-----BEGIN X509 CRL-----";
    private const byte DerSequence = 0x30;

    /// <summary>Reads and checks all lists of the file.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="authorities">Whose lists are taken.</param>
    /// <exception cref="UnusableFileException">It holds no list, a broken one, or one that none of the authorities signed.</exception>
    public static IReadOnlyList<RevocationList> Read(byte[] content, IReadOnlyCollection<X509Certificate2> authorities)
    {
        var encodings = content is [DerSequence, ..] ? [content] : ReadPem(Encoding.UTF8.GetString(content));
        if (encodings.Count == 0) throw new UnusableFileException("holds no revocation list (PEM or DER)");
        return [.. encodings.Select(encoding => Check(encoding, authorities))];
    }

    private static List<byte[]> ReadPem(string text)
    {
        var encodings = new List<byte[]>();
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            if (rest[fields.Label].SequenceEqual(PemLabel)) encodings.Add(Convert.FromBase64String(rest[fields.Base64Data].ToString()));
            rest = rest[fields.Location.End..];
        }
        if (encodings.Count != text.AsSpan().Count(PemBegin)) throw new UnusableFileException("holds a revocation list that is cut off");
        return encodings;
    }

    private static RevocationList Check(byte[] encoding, IReadOnlyCollection<X509Certificate2> authorities)
    {
        try
        {
            var list = new X509CrlParser().ReadCrl(encoding) ?? throw new UnusableFileException("holds no revocation list (PEM or DER)");
            RefuseUnknownRules(list);
            var issuer = FindSigner(list, authorities);
            var scope = list.GetExtensionValue(X509Extensions.IssuingDistributionPoint)?.GetOctets() ?? [];
            return new RevocationList(
                Sha256Digest.From(SHA256.HashData(encoding)),
                IssuerKey.Of(issuer),
                issuer.Subject,
                Convert.ToHexString(scope),
                Utc(list.ThisUpdate),
                list.NextUpdate is { } next ? Utc(next) : null,
                ReadSerials(list));
        }
        catch (Exception e) when (e is not UnusableFileException)
        {
            // The reader of a foreign file throws what it meets: arguments, casts, its own kinds.
            throw new UnusableFileException("holds a revocation list that cannot be read", innerException: e);
        }
    }

    // RFC 5280, 5.2 and 5.3: a list with a critical extension that its user does not know must not be used.
    private static void RefuseUnknownRules(X509Crl list)
    {
        foreach (var oid in list.GetCriticalExtensionOids() ?? new HashSet<string>())
        {
            if (oid != X509Extensions.IssuingDistributionPoint.Id) throw new UnusableFileException($"holds a revocation list with the critical extension {oid}, which is not supported");
        }
        if (list.GetExtensionValue(X509Extensions.IssuingDistributionPoint) is { } scope
            && IssuingDistributionPoint.GetInstance(scope.GetOctets()).IsIndirectCrl)
        {
            throw new UnusableFileException("holds an indirect revocation list, which is not supported");
        }
    }

    private static X509Certificate2 FindSigner(X509Crl list, IReadOnlyCollection<X509Certificate2> authorities)
    {
        var named = authorities.Where(authority => list.IssuerDN.Equivalent(X509Name.GetInstance(authority.SubjectName.RawData), inOrder: true)).ToList();
        if (named.Count == 0) throw new UnusableFileException($"holds a revocation list of \"{list.IssuerDN}\", which is none of the configured authorities", stopsStart: false);
        return named.Find(authority => MaySignLists(authority) && list.IsSignatureValid(PublicKeyFactory.CreateKey(authority.PublicKey.ExportSubjectPublicKeyInfo())))
            ?? throw new UnusableFileException($"holds a revocation list of \"{list.IssuerDN}\" that is badly signed", stopsStart: false);
    }

    // RFC 5280, 4.2.1.3.
    private static bool MaySignLists(X509Certificate2 authority) =>
        authority.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is not { } usage || usage.KeyUsages.HasFlag(X509KeyUsageFlags.CrlSign);

    private static HashSet<string> ReadSerials(X509Crl list)
    {
        var serials = new HashSet<string>(StringComparer.Ordinal);
        if (list.GetRevokedCertificates() is not { } entries) return serials;
        foreach (var entry in entries)
            serials.Add(IssuedCertificate.Digits(entry.SerialNumber.ToByteArray()));
        return serials;
    }

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
