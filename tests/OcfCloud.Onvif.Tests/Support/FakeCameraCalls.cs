using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Tests.Support;

/// <summary>Cameras that answer as the test says.</summary>
internal sealed class FakeCameraCalls : ICameraCalls
{
    public CallAnswer<DeviceInformation> Information { get; set; } = CallAnswer<DeviceInformation>.Without(CallOutcome.Offline);

    public CallAnswer<string> Upgrade { get; set; } = CallAnswer<string>.Without(CallOutcome.Offline);

    public List<(Guid Camera, string Version)> Upgrades { get; } = [];

    public Task<CallAnswer<DeviceInformation>> GetDeviceInformationAsync(Guid camera, CancellationToken cancellationToken) => Task.FromResult(Information);

    public Task<CallAnswer<string>> UpgradeFirmwareAsync(Guid camera, string version, CancellationToken cancellationToken)
    {
        Upgrades.Add((camera, version));
        return Task.FromResult(Upgrade);
    }
}
