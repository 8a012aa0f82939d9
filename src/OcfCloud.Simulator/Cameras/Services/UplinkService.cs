using System.Xml.Linq;
using OcfCloud.Simulator.Cameras.Keystore;
using OcfCloud.Simulator.Cameras.Soap;

namespace OcfCloud.Simulator.Cameras.Services;

/// <summary>The uplink service (ONVIF Uplink, 5).</summary>
internal sealed class UplinkService
{
    private const string Path = "/onvif/uplink_service";
    private static readonly XNamespace Tup = OnvifNames.Uplink;

    private readonly CameraMemory _memory;
    private readonly Misbehaviour _misbehaviour;
    private readonly UplinkStore _uplinks;

    /// <summary>Describes the service.</summary>
    public UplinkService(CameraMemory memory, Misbehaviour misbehaviour, UplinkStore uplinks)
    {
        (_memory, _misbehaviour, _uplinks) = (memory, misbehaviour, uplinks);
        Service = new CameraService(Path, Tup, new Dictionary<string, CameraOperation>
        {
            ["GetServiceCapabilities"] = new(AccessClass.PreAuthentication, GetServiceCapabilities),
            ["GetUplinks"] = new(AccessClass.ReadSystem, GetUplinks),
            ["SetUplink"] = new(AccessClass.WriteSystem, SetUplink),
            ["DeleteUplink"] = new(AccessClass.WriteSystem, DeleteUplink),
        });
    }

    /// <summary>The service.</summary>
    public CameraService Service { get; }

    /// <summary>What it is capable of.</summary>
    public XElement Capabilities => new(
        Tup + "Capabilities",
        new XAttribute("MaxUplinks", _misbehaviour.MaxUplinks),
        _misbehaviour.NoProtocols ? null : new XAttribute("Protocols", string.Join(' ', _uplinks.Protocols)),
        new XAttribute("AuthorizationModes", _misbehaviour.NoAccessToken ? "mTLS" : "mTLS AccessToken"),
        new XAttribute("StreamingOverUplink", false));

    private IEnumerable<object?> GetServiceCapabilities(ElementReader request, CameraCaller caller)
    {
        request.End();
        return [Capabilities];
    }

    private IEnumerable<object?> GetUplinks(ElementReader request, CameraCaller caller)
    {
        request.End();
        return _memory.Current.Uplinks.Select(uplink =>
        {
            var (status, error) = caller.Camera.StatusOf(uplink.RemoteAddress);
            return new XElement(
                Tup + "Configuration",
                new XElement(Tup + "RemoteAddress", uplink.RemoteAddress),
                Optional("CertificateID", uplink.CertificateId),
                new XElement(Tup + "UserLevel", _misbehaviour.UserLevelList ? $"{uplink.UserLevel} onvif:{uplink.UserLevel}" : uplink.UserLevel),
                new XElement(Tup + "Status", _misbehaviour.StatusOnline && status == Uplinks.UplinkStatus.Connected ? "Online" : status.ToString()),
                Optional("CertPathValidationPolicyID", uplink.PolicyId),
                Optional("AuthorizationServer", uplink.AuthorizationServer),
                Optional("Error", error));
        });
    }

    private IEnumerable<object?> SetUplink(ElementReader request, CameraCaller caller)
    {
        var configuration = request.Required("Configuration");
        request.End();
        var address = configuration.Text("RemoteAddress");
        var certificate = configuration.OptionalText("CertificateID");
        var level = configuration.Text("UserLevel");
        configuration.OptionalText("Status");
        var uplink = new StoredUplink
        {
            RemoteAddress = address,
            CertificateId = certificate,
            UserLevel = level,
            PolicyId = configuration.OptionalText("CertPathValidationPolicyID"),
            AuthorizationServer = configuration.OptionalText("AuthorizationServer"),
        };
        configuration.OptionalText("Error");
        configuration.End();
        _uplinks.Set(uplink);
        caller.Camera.Reconcile();
        return [];
    }

    private IEnumerable<object?> DeleteUplink(ElementReader request, CameraCaller caller)
    {
        var address = request.Text("RemoteAddress");
        request.End();
        _uplinks.Delete(address);

        // The connection that brought this answers it, and ends then.
        caller.Camera.Reconcile();
        return [];
    }

    private static XElement? Optional(string name, string? value) => value is null ? null : new XElement(Tup + name, value);
}
