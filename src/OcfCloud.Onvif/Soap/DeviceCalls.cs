using System.Xml.Linq;

namespace OcfCloud.Onvif.Soap;

/// <summary>Operations of tds.</summary>
internal static class DeviceCalls
{
    public static SoapCall<CameraServices> GetServices() => new(
        CameraService.Device, "GetServices", xml => xml.Text("IncludeCapability", true), ServicesOf);

    public static SoapCall<DeviceInformation> GetDeviceInformation() => new(
        CameraService.Device, "GetDeviceInformation", _ => { },
        answer => answer.Text("Manufacturer") is { } manufacturer && answer.Text("Model") is { } model && answer.Text("FirmwareVersion") is { } firmware
                && answer.Text("SerialNumber") is { } serial && answer.Text("HardwareId") is { } hardware
            ? new DeviceInformation(manufacturer, model, firmware, serial, hardware)
            : null);

    /// <summary>Asks for a version; the answer is the expected down time.</summary>
    public static SoapCall<string> UpgradeFirmware(string version) => new(
        CameraService.Device, "UpgradeFirmware", xml => xml.Text("Version", version),
        answer => answer.Text("ExpectedDownTime") is { } time && SoapReading.Duration(time) is not null ? time : null);

    private static CameraServices ServicesOf(XElement answer)
    {
        XElement? security = null, uplink = null;
        foreach (var service in answer.Elements(SoapNames.Device + "Service"))
        {
            var name = service.Text("Namespace");
            if (name == SoapNames.Security.NamespaceName) security ??= service;
            if (name == SoapNames.Uplink.NamespaceName) uplink ??= service;
        }

        return new CameraServices(
            PathOf(security),
            Capabilities(security, SoapNames.Security) is { } tas ? SecurityCalls.CapabilitiesOf(tas) : null,
            PathOf(uplink),
            Capabilities(uplink, SoapNames.Uplink) is { } tup ? UplinkCalls.CapabilitiesOf(tup) : null);
    }

    private static string? PathOf(XElement? service) => service?.Address("XAddr") is { } xaddr ? SoapReading.PathOf(xaddr) : null;

    private static XElement? Capabilities(XElement? service, XNamespace of) => service?.Element(SoapNames.Device + "Capabilities")?.Element(of + "Capabilities");
}
