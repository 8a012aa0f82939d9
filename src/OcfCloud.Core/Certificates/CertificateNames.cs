using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Core.Certificates;

/// <summary>What logs say of certificates.</summary>
public static class CertificateNames
{
    /// <summary>The subject of a certificate that anybody may have made: .NET throws for a name that its rules do not allow.</summary>
    public static string SubjectOf(X509Certificate2 certificate)
    {
        try
        {
            return certificate.Subject;
        }
        catch (CryptographicException)
        {
            return "(a name that cannot be read)";
        }
    }
}
