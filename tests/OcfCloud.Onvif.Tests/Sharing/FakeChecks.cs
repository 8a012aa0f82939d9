using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Tests.Sharing;

/// <summary>Stands for the look at cameras that are online.</summary>
internal sealed class FakeChecks : ICameraChecks
{
    private int _asked;

    /// <summary>What happens while it is asked the next time; once.</summary>
    public Func<Task>? Meanwhile { get; set; }

    /// <summary>What it says of a camera.</summary>
    public Func<Camera, CameraCheck> Answer { get; set; } = _ => CameraCheck.Fits;

    /// <summary>How often it was asked.</summary>
    public int Asked => _asked;

    public async Task<CameraCheck> CheckAsync(Camera camera, DeviceConfiguration configuration, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        var meanwhile = Meanwhile;
        Meanwhile = null;
        if (meanwhile is not null) await meanwhile();
        return Answer(camera);
    }
}
