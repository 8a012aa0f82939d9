using System.Xml.Linq;

namespace OcfCloud.Onvif.Soap;

/// <summary>Operations of tup.</summary>
internal static class UplinkCalls
{
    public static SoapCall<UplinkCapabilities> GetServiceCapabilities() => new(
        CameraService.Uplink, "GetServiceCapabilities", _ => { },
        answer => answer.Element(SoapNames.Uplink + "Capabilities") is { } capabilities ? CapabilitiesOf(capabilities) : null);

    public static SoapCall<IReadOnlyList<UplinkEntry>> GetUplinks() => new(
        CameraService.Uplink, "GetUplinks", _ => { },
        answer => Entries(answer));

    /// <summary>Sets an uplink: the remote address is its key, so the same again changes nothing.</summary>
    public static SoapCall<Acknowledgement> SetUplink(string remoteAddress, string userLevel, string policyId, string authorizationServer) => new(
        CameraService.Uplink,
        "SetUplink",
        xml => xml.Element("Configuration", () =>
        {
            // Never CertificateID (AmbiguousAuthentication), Status or Error.
            xml.Text("RemoteAddress", remoteAddress);
            xml.Text("UserLevel", userLevel);
            xml.Text("CertPathValidationPolicyID", policyId);
            xml.Text("AuthorizationServer", authorizationServer);
        }),
        _ => Acknowledgement.It);

    public static SoapCall<Acknowledgement> DeleteUplink(string remoteAddress) => new(
        CameraService.Uplink, "DeleteUplink", xml => xml.Text("RemoteAddress", remoteAddress), _ => Acknowledgement.It);

    public static UplinkCapabilities CapabilitiesOf(XElement capabilities) => new(
        capabilities.Number("MaxUplinks"),
        capabilities.List("Protocols") ?? ["https"],
        capabilities.List("AuthorizationModes") ?? [],
        SoapReading.Flag(capabilities.Attribute("StreamingOverUplink")?.Value) ?? false);

    private static List<UplinkEntry>? Entries(XElement answer)
    {
        var entries = new List<UplinkEntry>();
        foreach (var one in answer.Elements(SoapNames.Uplink + "Configuration"))
        {
            if (one.Address("RemoteAddress") is not { } address) return null;
            entries.Add(new UplinkEntry(
                address, one.Id("CertificateID"), SoapReading.Words(one.Text("UserLevel") ?? ""), one.Text("Status"), one.Id("CertPathValidationPolicyID"),
                one.Id("AuthorizationServer"), one.Text("Error")));
        }

        return entries;
    }
}
