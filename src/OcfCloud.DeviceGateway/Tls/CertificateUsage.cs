using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.DeviceGateway.Tls;

/// <summary>Whether a certificate may stand for a device: an extended key usage that is there must name the client's part, the OCF identity or everything.</summary>
internal static class CertificateUsage
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string AnyPurpose = "2.5.29.37.0";
    private const string OcfIdentity = "1.3.6.1.4.1.44924.1.6";

    public static bool AllowsDevice(X509Certificate2 certificate)
    {
        // RFC 5280, 4.2.1.12: without the extension any purpose is allowed.
        foreach (var extension in certificate.Extensions)
        {
            if (extension is X509EnhancedKeyUsageExtension usage && !NamesDevicePurpose(usage)) return false;
        }
        return true;
    }

    private static bool NamesDevicePurpose(X509EnhancedKeyUsageExtension usage)
    {
        foreach (var purpose in usage.EnhancedKeyUsages)
        {
            if (purpose.Value is ClientAuthentication or AnyPurpose or OcfIdentity) return true;
        }
        return false;
    }
}
