using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Core.Certificates;

/// <summary>What a certificate may be shown for: an extended key usage that is there must name it, or everything.</summary>
public static class CertificateUsage
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string AnyPurpose = "2.5.29.37.0";
    private const string OcfIdentity = "1.3.6.1.4.1.44924.1.6";

    /// <summary>Whether it may stand for a device: the client's part of TLS, or the OCF identity.</summary>
    public static bool AllowsDevice(X509Certificate2 certificate) => Names(certificate, ClientAuthentication, OcfIdentity);

    /// <summary>Whether it may stand for the client of a TLS connection.</summary>
    public static bool AllowsClient(X509Certificate2 certificate) => Names(certificate, ClientAuthentication);

    private static bool Names(X509Certificate2 certificate, params ReadOnlySpan<string> purposes)
    {
        // RFC 5280, 4.2.1.12: without the extension any purpose is allowed.
        foreach (var extension in certificate.Extensions)
        {
            if (extension is X509EnhancedKeyUsageExtension usage && !NamesOne(usage, purposes)) return false;
        }
        return true;
    }

    private static bool NamesOne(X509EnhancedKeyUsageExtension usage, ReadOnlySpan<string> purposes)
    {
        foreach (var purpose in usage.EnhancedKeyUsages)
        {
            if (purpose.Value is AnyPurpose || purposes.Contains(purpose.Value!)) return true;
        }
        return false;
    }
}
