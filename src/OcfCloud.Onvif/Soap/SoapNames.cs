using System.Xml.Linq;

namespace OcfCloud.Onvif.Soap;

/// <summary>The namespaces and prefixes of what goes over an uplink.</summary>
internal static class SoapNames
{
    public const string DevicePath = "/onvif/device_service";

    public static readonly XNamespace Envelope = "http://www.w3.org/2003/05/soap-envelope";
    public static readonly XNamespace Device = "http://www.onvif.org/ver10/device/wsdl";
    public static readonly XNamespace Security = "http://www.onvif.org/ver10/advancedsecurity/wsdl";
    public static readonly XNamespace Uplink = "http://www.onvif.org/ver10/uplink/wsdl";

    public static XNamespace Of(CameraService service) => service switch
    {
        CameraService.Device => Device,
        CameraService.Security => Security,
        _ => Uplink,
    };

    public static string PrefixOf(CameraService service) => service switch
    {
        CameraService.Device => "tds",
        CameraService.Security => "tas",
        _ => "tup",
    };
}
