using System.Xml;
using System.Xml.Linq;

namespace OcfCloud.Onvif.Soap;

/// <summary>Reads what a camera sent into elements, attributes and texts: no DTD, nothing from outside, and never more than the bounds.</summary>
internal static class SoapDocument
{
    private const int MaxDepth = 32;
    private const int MaxElements = 50_000;
    private const int MaxAttributes = 256;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = false,
    };

    /// <summary>Reads a SOAP 1.2 envelope.</summary>
    /// <param name="bytes">The whole of it; its size was bounded by whoever read it.</param>
    /// <returns>The one element of its body; null where there is none, or something that is no envelope.</returns>
    public static XElement? ReadBody(byte[] bytes)
    {
        var envelope = Read(bytes);
        if (envelope?.Name != SoapNames.Envelope + "Envelope") return null;
        var bodies = envelope.Elements(SoapNames.Envelope + "Body").ToList();
        return bodies.Count == 1 && bodies[0].Elements().Count() == 1 ? bodies[0].Elements().Single() : null;
    }

    private static XElement? Read(byte[] bytes)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes, writable: false), Settings);
            XElement? root = null, open = null;
            var elements = 0;
            while (reader.Read())
            {
                switch (reader.NodeType)
                {
                    case XmlNodeType.Element:
                        if (reader.Depth >= MaxDepth || ++elements > MaxElements || reader.AttributeCount > MaxAttributes) return null;
                        var element = ElementOf(reader);
                        if (open is null) root = element;
                        else open.Add(element);
                        if (!reader.IsEmptyElement) open = element;
                        break;
                    case XmlNodeType.EndElement:
                        open = open!.Parent;
                        break;
                    case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace:
                        open!.Add(new XText(reader.Value));
                        break;
                }
            }

            return root;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    // Declarations of namespaces are kept: the values of a fault's codes are qualified names.
    private static XElement ElementOf(XmlReader reader)
    {
        var element = new XElement(XName.Get(reader.LocalName, reader.NamespaceURI));
        while (reader.MoveToNextAttribute())
        {
            element.Add(new XAttribute(
                reader.NamespaceURI == XNamespace.Xmlns.NamespaceName && reader.Prefix.Length == 0 ? XName.Get("xmlns") : XName.Get(reader.LocalName, reader.NamespaceURI), reader.Value));
        }

        reader.MoveToElement();
        return element;
    }
}
