using System.Xml;
using System.Xml.Linq;

namespace OcfCloud.Simulator.Cameras.Soap;

/// <summary>What a request asks for: the one element of the envelope's body.</summary>
internal static class SoapRequest
{
    /// <summary>Most bytes of a request.</summary>
    public const int MaxLength = 1024 * 1024;

    /// <summary>Reads an envelope of SOAP 1.2.</summary>
    /// <exception cref="SoapFaultException">It is none.</exception>
    public static async Task<XElement> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        var settings = new XmlReaderSettings { Async = true, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxLength };
        XElement root;
        try
        {
            using var reader = XmlReader.Create(body, settings);
            root = (await XDocument.LoadAsync(reader, LoadOptions.None, cancellationToken)).Root!;
        }
        catch (XmlException e)
        {
            throw SoapFaultException.Sender(e.Message, "WellFormed");
        }

        if (root.Name.LocalName != "Envelope")
            throw SoapFaultException.Sender("no envelope", "WellFormed");
        if (root.Name.Namespace != OnvifNames.Envelope)
            throw SoapFaultException.VersionMismatch();

        // SOAP 1.2 part 1, 5: a header or none, then the body; of these operations each body has one element.
        var parts = root.Elements().ToList();
        if (parts is [var first, ..] && first.Name == OnvifNames.Envelope + "Header")
            parts.RemoveAt(0);
        if (parts is not [var only] || only.Name != OnvifNames.Envelope + "Body" || only.Elements().ToList() is not [var request])
            throw SoapFaultException.Sender("no body with one element", "WellFormed");
        return request;
    }
}
