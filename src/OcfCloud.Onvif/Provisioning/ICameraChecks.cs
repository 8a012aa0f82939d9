using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>What is asked of a camera that is online before startDeviceSharing is answered.</summary>
/// <remarks>
/// A limitation where several nodes share a store: only the node that holds the camera's uplink can ask it. At every other one the camera counts as offline and fits, and what is wrong with it shows when the
/// share's work begins at the node that holds it: the share fails there, with the reason, instead of being answered 400.
/// </remarks>
internal interface ICameraChecks
{
    /// <summary>Looks whether the camera can take a configuration, at most <see cref="OnvifOptions.PreCheckTimeout"/> long.</summary>
    /// <returns>Why it cannot, in words; <see cref="CameraCheck.IsOtherCamera"/> where it says that it is another one than is stored. An offline or silent camera fits.</returns>
    Task<CameraCheck> CheckAsync(Camera camera, DeviceConfiguration configuration, CancellationToken cancellationToken);
}
