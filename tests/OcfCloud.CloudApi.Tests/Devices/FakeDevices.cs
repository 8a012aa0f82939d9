using OcfCloud.Core.Requests;

namespace OcfCloud.CloudApi.Tests.Devices;

/// <summary>Stands for the device door: remembers what was asked and answers as it is told.</summary>
internal sealed class FakeDevices : IDeviceRequests
{
    /// <summary>What was asked last.</summary>
    public DeviceRequest? Asked { get; private set; }

    /// <summary>How to answer.</summary>
    public Func<DeviceRequest, DeviceAnswer> Answer { get; set; } = _ => new DeviceAnswer(DeviceOutcome.Offline) { Diagnostic = "the device is offline" };

    public Task<DeviceAnswer> SendAsync(DeviceRequest request, CancellationToken cancellationToken)
    {
        Asked = request;
        return Task.FromResult(Answer(request));
    }
}
