using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.CloudLinking.LinkedClouds;

/// <summary>What a cloud presented at the first handshake with it.</summary>
internal sealed class PresentedCertificate
{
    private Seen? _first;

    /// <summary>Null: there was no handshake.</summary>
    public Seen? First => Volatile.Read(ref _first);

    /// <summary>Takes note; the first one counts, as it is the base URL's.</summary>
    public void Note(X509Certificate2? certificate, SslPolicyErrors errors)
    {
        if (First is not null) return;
        var seen = certificate is null
            ? new Seen(Name: "", CloudId: null, default, errors)
            : new Seen(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false), CloudIdOf(certificate), certificate.NotAfter.ToUniversalTime(), errors);
        Interlocked.CompareExchange(ref _first, seen, null);
    }

    /// <summary>The UUID in a certificate's CN, with <c>uuid:</c> in front or bare; null: there is none.</summary>
    public static Guid? CloudIdOf(X509Certificate2 certificate)
    {
        const string Prefix = "uuid:";
        var name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        var text = name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? name.AsSpan(Prefix.Length) : name;
        return Guid.TryParseExact(text, "D", out var id) ? id : null;
    }

    /// <summary>What is wrong with it: the end of a sentence.</summary>
    public static string WordsOf(SslPolicyErrors errors) => errors switch
    {
        _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) => "it presents no certificate",
        _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) => "its certificate is for another name",
        _ => "its certificate leads to no trust root that is known here, or is not valid now (--trust FILE adds trust roots)",
    };

    /// <summary>A handshake's certificate.</summary>
    /// <param name="Name">Its common name.</param>
    /// <param name="CloudId">The UUID in that; null: there is none.</param>
    /// <param name="NotAfter">When it ends.</param>
    /// <param name="Errors">What is wrong with it.</param>
    internal sealed record Seen(string Name, Guid? CloudId, DateTime NotAfter, SslPolicyErrors Errors);
}
