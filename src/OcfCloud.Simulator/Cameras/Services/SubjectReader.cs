using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Simulator.Cameras.Soap;

namespace OcfCloud.Simulator.Cameras.Services;

/// <summary>Reads the subject of a request of certification: the attributes that every device supports (ONVIF Advanced Security, 5.2.5).</summary>
internal static class SubjectReader
{
    private const string DistinguishedNameQualifier = "2.5.4.46";
    private const string SerialNumber = "2.5.4.5";

    /// <summary>Reads it.</summary>
    /// <param name="subject">The element.</param>
    /// <param name="commonNameOnly">Nothing else is taken.</param>
    public static X500DistinguishedName Read(ElementReader subject, bool commonNameOnly)
    {
        var name = new X500DistinguishedNameBuilder();
        var parts = new List<Action>();
        var others = 0;
        void Take(string element, Action<string> add, bool isCommonName = false)
        {
            foreach (var value in subject.Texts(element))
            {
                parts.Add(() => add(value));
                others += isCommonName ? 0 : 1;
            }
        }

        Take("Country", value => name.AddCountryOrRegion(value));
        Take("Organization", value => name.AddOrganizationName(value));
        Take("OrganizationalUnit", value => name.AddOrganizationalUnitName(value));
        Take("DistinguishedNameQualifier", value => name.Add(DistinguishedNameQualifier, value, UniversalTagNumber.PrintableString));
        Take("StateOrProvinceName", value => name.AddStateOrProvinceName(value));
        Take("CommonName", value => name.AddCommonName(value), isCommonName: true);
        Take("SerialNumber", value => name.Add(SerialNumber, value, UniversalTagNumber.PrintableString));
        subject.End();
        if (parts.Count == 0 || (commonNameOnly && others > 0))
            throw SoapFaultException.InvalidArgument("InvalidSubject", "such a subject is not supported");
        try
        {
            parts.ForEach(add => add());
            return name.Build();
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or AsnContentException or System.Text.EncoderFallbackException)
        {
            throw SoapFaultException.InvalidArgument("InvalidSubject", e.Message);
        }
    }
}
