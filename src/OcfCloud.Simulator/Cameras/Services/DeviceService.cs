using System.Xml.Linq;
using OcfCloud.Simulator.Cameras.Keystore;
using OcfCloud.Simulator.Cameras.Soap;

namespace OcfCloud.Simulator.Cameras.Services;

/// <summary>The device service, as far as a cloud needs it (ONVIF Core, 8).</summary>
internal sealed class DeviceService
{
    /// <summary>The path that a device answers before anybody knows more about it (ONVIF Core, 5.1.1).</summary>
    public const string Path = "/onvif/device_service";

    private const string DownTime = "PT3M";
    private static readonly XNamespace Tds = OnvifNames.Device;
    private static readonly XNamespace Tt = OnvifNames.Schema;

    private readonly CameraMemory _memory;
    private readonly Misbehaviour _misbehaviour;
    private readonly TimeProvider _time;
    private readonly Func<IEnumerable<(CameraService Service, XElement Capabilities)>> _services;

    /// <summary>Describes the service.</summary>
    /// <param name="memory">The camera's state.</param>
    /// <param name="misbehaviour">What it does otherwise.</param>
    /// <param name="time">The clock.</param>
    /// <param name="services">All services and their capabilities.</param>
    public DeviceService(
        CameraMemory memory, Misbehaviour misbehaviour, TimeProvider time, Func<IEnumerable<(CameraService Service, XElement Capabilities)>> services)
    {
        (_memory, _misbehaviour, _time, _services) = (memory, misbehaviour, time, services);
        Service = new CameraService(Path, Tds, new Dictionary<string, CameraOperation>
        {
            ["GetServices"] = new(AccessClass.PreAuthentication, GetServices),
            ["GetDeviceInformation"] = new(AccessClass.ReadSystem, GetDeviceInformation),
            ["GetSystemDateAndTime"] = new(AccessClass.PreAuthentication, GetSystemDateAndTime),
            ["UpgradeFirmware"] = new(AccessClass.Unrecoverable, UpgradeFirmware),
        });
    }

    /// <summary>The service.</summary>
    public CameraService Service { get; }

    /// <summary>What it is capable of.</summary>
    public static XElement Capabilities => new(
        Tds + "Capabilities",
        new XElement(Tds + "Network"),
        new XElement(Tds + "Security", new XAttribute("TLS1.2", true), new XAttribute("MaxUserRoles", 0)),
        new XElement(Tds + "System", new XAttribute("CloudFirmwareUpgrade", true)));

    private IEnumerable<object?> GetServices(ElementReader request, CameraCaller caller)
    {
        var withCapabilities = request.OptionalBoolean("IncludeCapability")
            ?? throw SoapFaultException.Sender("GetServices lacks IncludeCapability", "InvalidArgs");
        request.End();
        return _services().Select(each => new XElement(
            Tds + "Service",
            new XElement(Tds + "Namespace", each.Service.Namespace.NamespaceName),
            new XElement(Tds + "XAddr", each.Service.Address),
            withCapabilities ? new XElement(Tds + "Capabilities", each.Capabilities) : null,
            new XElement(Tds + "Version", new XElement(Tt + "Major", 26), new XElement(Tt + "Minor", 6))));
    }

    private IEnumerable<object?> GetDeviceInformation(ElementReader request, CameraCaller caller)
    {
        request.End();
        var identity = _memory.Current.Identity;
        var serialNumber = _misbehaviour.WrongSerial && !caller.IsOwnCloud ? $"{identity.SerialNumber}-x" : identity.SerialNumber;
        return
        [
            new XElement(Tds + "Manufacturer", identity.Manufacturer),
            new XElement(Tds + "Model", identity.Model),
            new XElement(Tds + "FirmwareVersion", identity.FirmwareVersion),
            new XElement(Tds + "SerialNumber", serialNumber),
            new XElement(Tds + "HardwareId", identity.HardwareId),
        ];
    }

    private IEnumerable<object?> GetSystemDateAndTime(ElementReader request, CameraCaller caller)
    {
        request.End();
        var now = _time.GetUtcNow().AddSeconds(_misbehaviour.ClockSkew);
        return
        [
            new XElement(
                Tds + "SystemDateAndTime",
                new XElement(Tt + "DateTimeType", "NTP"),
                new XElement(Tt + "DaylightSavings", false),
                new XElement(
                    Tt + "UTCDateTime",
                    new XElement(
                        Tt + "Time", new XElement(Tt + "Hour", now.Hour), new XElement(Tt + "Minute", now.Minute), new XElement(Tt + "Second", now.Second)),
                    new XElement(
                        Tt + "Date", new XElement(Tt + "Year", now.Year), new XElement(Tt + "Month", now.Month), new XElement(Tt + "Day", now.Day)))),
        ];
    }

    private IEnumerable<object?> UpgradeFirmware(ElementReader request, CameraCaller caller)
    {
        var version = request.Text("Version");
        request.End();
        if (version.Length == 0)
            throw SoapFaultException.InvalidArgument("InvalidFirmware", "no version");
        _memory.Change(state => state with { Identity = state.Identity with { FirmwareVersion = version } });
        caller.Camera.Reboot();
        return [new XElement(Tds + "ExpectedDownTime", DownTime)];
    }
}
