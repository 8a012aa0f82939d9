using System.Xml.Linq;

namespace OcfCloud.Simulator.Cameras.Soap;

/// <summary>Namespaces of the messages.</summary>
internal static class OnvifNames
{
    /// <summary>SOAP 1.2 envelope.</summary>
    public static readonly XNamespace Envelope = "http://www.w3.org/2003/05/soap-envelope";

    /// <summary>Device service.</summary>
    public static readonly XNamespace Device = "http://www.onvif.org/ver10/device/wsdl";

    /// <summary>Advanced security service.</summary>
    public static readonly XNamespace Security = "http://www.onvif.org/ver10/advancedsecurity/wsdl";

    /// <summary>Uplink service.</summary>
    public static readonly XNamespace Uplink = "http://www.onvif.org/ver10/uplink/wsdl";

    /// <summary>Types that services share.</summary>
    public static readonly XNamespace Schema = "http://www.onvif.org/ver10/schema";

    /// <summary>Subcodes of faults.</summary>
    public static readonly XNamespace Error = "http://www.onvif.org/ver10/error";
}
