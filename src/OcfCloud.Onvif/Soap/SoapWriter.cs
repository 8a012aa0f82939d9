using System.Globalization;
using System.Text;
using System.Xml;

namespace OcfCloud.Onvif.Soap;

/// <summary>Writes requests: SOAP 1.2, document/literal, every element in the namespace of its service.</summary>
internal sealed class SoapWriter
{
    private static readonly XmlWriterSettings Settings = new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), NewLineHandling = NewLineHandling.Entitize };

    private readonly XmlWriter _xml;
    private readonly string _prefix;
    private readonly string _namespace;

    private SoapWriter(XmlWriter xml, CameraService service) =>
        (_xml, _prefix, _namespace) = (xml, SoapNames.PrefixOf(service), SoapNames.Of(service).NamespaceName);

    public static byte[] Envelope(CameraService service, string operation, Action<SoapWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var xml = XmlWriter.Create(buffer, Settings))
        {
            var soap = SoapNames.Envelope.NamespaceName;
            xml.WriteStartDocument();
            xml.WriteStartElement("s", "Envelope", soap);
            xml.WriteAttributeString("xmlns", SoapNames.PrefixOf(service), null, SoapNames.Of(service).NamespaceName);
            xml.WriteStartElement("s", "Body", soap);
            var writer = new SoapWriter(xml, service);
            writer.Element(operation, () => write(writer));
            xml.WriteEndDocument();
        }

        return buffer.ToArray();
    }

    /// <summary>An element with others in it.</summary>
    public void Element(string name, Action children)
    {
        _xml.WriteStartElement(_prefix, name, _namespace);
        children();
        _xml.WriteEndElement();
    }

    /// <summary>An element with a text.</summary>
    public void Text(string name, string text) => _xml.WriteElementString(_prefix, name, _namespace, Clean(text));

    /// <summary>The same, left out where there is none.</summary>
    public void TextIf(string name, string? text)
    {
        if (text is not null) Text(name, text);
    }

    public void Text(string name, bool value) => Text(name, value ? "true" : "false");

    public void Text(string name, int value) => Text(name, value.ToString(CultureInfo.InvariantCulture));

    public void Text(string name, byte[] value) => Text(name, Convert.ToBase64String(value));

    /// <summary>An attribute of the element that was just opened.</summary>
    public void Attribute(string name, string text) => _xml.WriteAttributeString(name, Clean(text));

    // What strangers chose may hold what XML cannot (control characters, halves of pairs): the camera gets a sign that something stood there.
    private static string Clean(string text)
    {
        StringBuilder? clean = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i]))
            {
                clean?.Append(text[i]);
            }
            else if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
            {
                clean?.Append(text, i, 2);
                i++;
            }
            else
            {
                clean ??= new StringBuilder(text, 0, i, text.Length);
                clean.Append('\uFFFD');
            }
        }

        return clean?.ToString() ?? text;
    }
}
