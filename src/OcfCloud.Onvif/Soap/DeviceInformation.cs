namespace OcfCloud.Onvif.Soap;

/// <summary>The answer to GetDeviceInformation.</summary>
public sealed record DeviceInformation(string Manufacturer, string Model, string FirmwareVersion, string SerialNumber, string HardwareId);
