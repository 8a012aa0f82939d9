namespace OcfCloud.Onvif.Soap;

/// <summary>SOAP calls to cameras that features outside of sharing make (tds). Each waits at most <see cref="OnvifOptions.DeviceCallTimeout"/>.</summary>
public interface ICameraCalls
{
    /// <summary>Asks who the camera is.</summary>
    Task<CallAnswer<DeviceInformation>> GetDeviceInformationAsync(Guid camera, CancellationToken cancellationToken);

    /// <summary>Tells the camera to get and install a version from its manufacturer's cloud.</summary>
    /// <returns>The expected down time, an <c>xs:duration</c>.</returns>
    Task<CallAnswer<string>> UpgradeFirmwareAsync(Guid camera, string version, CancellationToken cancellationToken);
}
