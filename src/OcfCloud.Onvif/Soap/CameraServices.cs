namespace OcfCloud.Onvif.Soap;

/// <summary>The answer to GetServices, as far as it is used here.</summary>
/// <param name="SecurityPath">Where tas is; null: the camera has none.</param>
/// <param name="Security">What it can; null: not said, to be asked there.</param>
/// <param name="UplinkPath">Where tup is; null: the camera has none.</param>
/// <param name="Uplink">What it can; null: not said, to be asked there.</param>
internal sealed record CameraServices(string? SecurityPath, SecurityCapabilities? Security, string? UplinkPath, UplinkCapabilities? Uplink)
{
    public string? PathOf(CameraService service) => service switch
    {
        CameraService.Device => SoapNames.DevicePath,
        CameraService.Security => SecurityPath,
        _ => UplinkPath,
    };
}
