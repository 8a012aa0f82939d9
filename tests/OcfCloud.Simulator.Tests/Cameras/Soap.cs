using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;

namespace OcfCloud.Simulator.Tests.Cameras;

/// <summary>Envelopes as a cloud writes and reads them.</summary>
internal static class Soap
{
    public const string Device = "http://www.onvif.org/ver10/device/wsdl";
    public const string Security = "http://www.onvif.org/ver10/advancedsecurity/wsdl";
    public const string Uplink = "http://www.onvif.org/ver10/uplink/wsdl";
    public const string DevicePath = "/onvif/device_service";
    public const string SecurityPath = "/onvif/security_service";
    public const string UplinkPath = "/onvif/uplink_service";

    private const string Namespace = "http://www.w3.org/2003/05/soap-envelope";

    public static string PathOf(string ns) => ns switch { Device => DevicePath, Security => SecurityPath, _ => UplinkPath };

    /// <summary>An envelope around an element whose prefix is <c>t</c>.</summary>
    public static string Envelope(string ns, string body) => $"""<e:Envelope xmlns:e="{Namespace}" xmlns:t="{ns}"><e:Body>{body}</e:Body></e:Envelope>""";

    public static XElement BodyOf(string envelope)
    {
        var root = XDocument.Parse(envelope).Root!;
        Assert.Equal(XName.Get("Envelope", Namespace), root.Name);
        return Assert.Single(Assert.Single(root.Elements(XName.Get("Body", Namespace))).Elements());
    }

    public static HttpContent Content(string envelope, string? action)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(envelope));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(
            $"application/soap+xml; charset=utf-8{(action is null ? "" : $"; action=\"{action}\"")}");
        return content;
    }

    /// <summary>Code and subcodes of a fault: <c>Sender/InvalidArgVal/KeyID</c>.</summary>
    public static string FaultOf(XElement body)
    {
        Assert.Equal(XName.Get("Fault", Namespace), body.Name);
        var codes = body.Element(XName.Get("Code", Namespace))!.DescendantsAndSelf().Elements(XName.Get("Value", Namespace));
        return string.Join('/', codes.Select(value => value.Value[(value.Value.IndexOf(':', StringComparison.Ordinal) + 1)..]));
    }

    /// <summary>The text of the first element of a name.</summary>
    public static string Text(this XElement element, string name) => element.Descendants().First(child => child.Name.LocalName == name).Value;
}
