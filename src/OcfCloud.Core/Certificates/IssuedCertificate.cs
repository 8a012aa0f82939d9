using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Core.Certificates;

/// <summary>A certificate as revocation lists know it.</summary>
/// <param name="Issuer">Who issued it.</param>
/// <param name="Serial">Its serial number in hexadecimal digits, as <see cref="Digits"/> writes them.</param>
public readonly record struct IssuedCertificate(IssuerKey Issuer, string Serial)
{
    /// <summary>How lists of this issuer name the certificate.</summary>
    public static IssuedCertificate Of(X509Certificate2 certificate, IssuerKey issuer) => new(issuer, Digits(certificate.SerialNumberBytes.Span));

    /// <summary>One form for a number whose encoders disagree about leading zeros.</summary>
    public static string Digits(ReadOnlySpan<byte> bigEndian) => Convert.ToHexString(bigEndian.TrimStart((byte)0));
}
