using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace OcfCloud.Simulator.Cameras.Soap;

/// <summary>Writes envelopes of SOAP 1.2.</summary>
internal static class SoapAnswer
{
    /// <summary>Media type of SOAP 1.2.</summary>
    public const string MediaType = "application/soap+xml";

    private static readonly XmlWriterSettings Utf8 = new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) };

    /// <summary>An answer.</summary>
    /// <param name="content">The body's element.</param>
    public static byte[] Write(XElement content)
    {
        var document = new XDocument(new XElement(
            OnvifNames.Envelope + "Envelope",
            Prefix("s", OnvifNames.Envelope),
            Prefix("tds", OnvifNames.Device),
            Prefix("tas", OnvifNames.Security),
            Prefix("tup", OnvifNames.Uplink),
            Prefix("tt", OnvifNames.Schema),
            Prefix("ter", OnvifNames.Error),
            new XElement(OnvifNames.Envelope + "Body", content)));
        using var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, Utf8))
            document.Save(writer);
        return bytes.ToArray();
    }

    /// <summary>A fault (SOAP 1.2 part 1, 5.4): subcodes within one another.</summary>
    public static byte[] Write(SoapFaultException fault)
    {
        var s = OnvifNames.Envelope;
        XElement? inner = null;
        foreach (var subcode in fault.Subcodes.Reverse())
            inner = new XElement(s + "Subcode", new XElement(s + "Value", $"ter:{subcode}"), inner);
        return Write(new XElement(
            s + "Fault",
            new XElement(s + "Code", new XElement(s + "Value", $"s:{fault.Code}"), inner),
            new XElement(s + "Reason", new XElement(s + "Text", new XAttribute(XNamespace.Xml + "lang", "en"), fault.Message))));
    }

    private static XAttribute Prefix(string prefix, XNamespace name) => new(XNamespace.Xmlns + prefix, name.NamespaceName);
}
