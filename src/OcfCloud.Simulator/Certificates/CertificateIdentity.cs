using System.Security.Cryptography.X509Certificates;
using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Certificates;

/// <summary>The identity that a certificate's common name carries: <c>uuid:&lt;UUID&gt;</c>.</summary>
internal static class CertificateIdentity
{
    private const string CommonName = "2.5.4.3";
    private const string Prefix = "uuid:";

    /// <summary>The common name of a device, cloud or mediator.</summary>
    public static string CommonNameOf(Guid id) => Prefix + OcfUuid.Format(id);

    /// <summary>Reads the identity; false where the common name is something else, as a manufacturer's certificate may have it.</summary>
    public static bool TryRead(X509Certificate2? certificate, out Guid id)
    {
        id = Guid.Empty;
        if (certificate is null)
            return false;
        foreach (var name in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (!name.HasMultipleElements
                && name.GetSingleElementType().Value == CommonName
                && name.GetSingleElementValue() is { } value
                && value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
                && OcfUuid.TryParse(value[Prefix.Length..], out id))
            {
                return true;
            }
        }

        return false;
    }
}
