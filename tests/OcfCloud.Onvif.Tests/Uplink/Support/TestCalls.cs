using OcfCloud.Onvif.Soap;
using OcfCloud.Onvif.Uplink;

namespace OcfCloud.Onvif.Tests.Uplink.Support;

/// <summary>Calls that are no SOAP but go the real way.</summary>
internal sealed class TestCalls(ICameraConnections connections) : ICameraCalls
{
    public async Task<CallAnswer<DeviceInformation>> GetDeviceInformationAsync(Guid camera, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/information");
            using var answer = await connections.SendAsync(camera, request, cancellationToken);
            if (!answer.IsSuccessStatusCode) return CallAnswer<DeviceInformation>.Without(CallOutcome.Unreadable);
            var said = (await answer.Content.ReadAsStringAsync(cancellationToken)).Split('|');
            return CallAnswer<DeviceInformation>.Done(new DeviceInformation(said[0], said[1], said[2], said[3], said[4]));
        }
        catch (CameraOfflineException)
        {
            return CallAnswer<DeviceInformation>.Without(CallOutcome.Offline);
        }
    }

    public Task<CallAnswer<string>> UpgradeFirmwareAsync(Guid camera, string version, CancellationToken cancellationToken) => throw new NotSupportedException();
}
