using System.Text;
using System.Xml.Linq;
using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Tests.Soap;

/// <summary>Envelopes by hand, independent of the code under test.</summary>
internal static class Envelopes
{
    public static string Of(string body) =>
        $"""
         <?xml version="1.0" encoding="UTF-8"?>
         <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"
             xmlns:tas="http://www.onvif.org/ver10/advancedsecurity/wsdl" xmlns:tup="http://www.onvif.org/ver10/uplink/wsdl"
             xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:ter="http://www.onvif.org/ver10/error">
           <s:Body>{body}</s:Body>
         </s:Envelope>
         """;

    public static byte[] BytesOf(string body) => Encoding.UTF8.GetBytes(Of(body));

    /// <summary>Names, order, attributes and texts; prefixes, declarations and the white space between elements do not count.</summary>
    public static string Canonical(string xml) => Canonical(XElement.Parse(xml));

    public static string Canonical(byte[] xml) => Canonical(XElement.Load(new MemoryStream(xml)));

    public static void AssertWrites<T>(string expectedBody, SoapCall<T> call)
        where T : class => Assert.Equal(Canonical(Of(expectedBody)), Canonical(call.ToBytes()));

    /// <summary>What a call makes of a response body.</summary>
    public static T? Read<T>(SoapCall<T> call, string body)
        where T : class => SoapDocument.ReadBody(BytesOf(body)) is { } element ? call.Read(element) : null;

    private static string Canonical(XElement element)
    {
        var text = new StringBuilder();
        Append(element, text);
        return text.ToString();
    }

    private static void Append(XElement element, StringBuilder text)
    {
        text.Append('<').Append(element.Name);
        foreach (var attribute in element.Attributes().Where(one => !one.IsNamespaceDeclaration).OrderBy(one => one.Name.ToString(), StringComparer.Ordinal))
        {
            text.Append(' ').Append(attribute.Name).Append("='").Append(attribute.Value).Append('\'');
        }

        text.Append('>');
        if (!element.HasElements) text.Append(element.Value);
        foreach (var child in element.Elements()) Append(child, text.Append('\n'));
        text.Append("</>");
    }
}
