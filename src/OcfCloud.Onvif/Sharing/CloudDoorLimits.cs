using Microsoft.Extensions.Options;

namespace OcfCloud.Onvif.Sharing;

/// <summary>The limits of the ONVIF REST operations, which bring no proof of who calls.</summary>
internal sealed class CloudDoorLimits(IOptions<OnvifOptions> options) : IDisposable
{
    /// <summary>Of startDeviceSharing and deviceSharingCompleted together.</summary>
    public CallerLimit Sharing { get; } = new(() => options.Value.MaxCloudCallsPerMinute);

    /// <summary>Of getAvailableFWImages.</summary>
    public CallerLimit Firmware { get; } = new(() => options.Value.MaxFirmwareQueriesPerMinute);

    public void Dispose()
    {
        Sharing.Dispose();
        Firmware.Dispose();
    }
}
