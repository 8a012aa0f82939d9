using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using OcfCloud.Identity.Http;

namespace OcfCloud.Onvif.Provisioning.StartDeviceSharing;

/// <summary>A trust anchor of a policy: base64 of one DER certificate. That it is no authority's is no fault: pinning is legitimate.</summary>
internal static class TrustAnchor
{
    private const int LeastRsaKey = 2048;

    private static readonly string[] Curves = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];

    /// <summary>Reads it.</summary>
    /// <returns>The certificate, DER; null where it is none, is past its time, or has a key that is weak or of an unknown kind.</returns>
    public static byte[]? Read(JsonElement json, DateTimeOffset now)
    {
        if (!JsonBody.TryText(json, out var text)) return null;
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length)) return null;
        var der = bytes.AsMemory(0, length);
        if (!IsOneValue(der)) return null;
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der.Span);
            return certificate.NotAfter.ToUniversalTime() > now.UtcDateTime && HasGoodKey(certificate) ? der.ToArray() : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // The loader takes PEM and what stands behind the certificate, too.
    private static bool IsOneValue(ReadOnlyMemory<byte> der)
    {
        try
        {
            return AsnDecoder.ReadEncodedValue(der.Span, AsnEncodingRules.DER, out _, out _, out var consumed).HasSameClassAndValue(Asn1Tag.Sequence) && consumed == der.Length;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static bool HasGoodKey(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is not null) return rsa.KeySize >= LeastRsaKey;
        using var ec = certificate.GetECDsaPublicKey();
        return ec is not null && ec.ExportParameters(includePrivateParameters: false).Curve is { IsNamed: true } curve && Curves.Contains(curve.Oid.Value, StringComparer.Ordinal);
    }
}
