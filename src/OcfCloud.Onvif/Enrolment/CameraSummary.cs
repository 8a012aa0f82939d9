using OcfCloud.Onvif.Cameras;

namespace OcfCloud.Onvif.Enrolment;

/// <summary>A camera as its owner sees it.</summary>
/// <param name="Camera">The camera.</param>
/// <param name="Connection">Its newest uplink; null: it is offline.</param>
public sealed record CameraSummary(Camera Camera, CameraUplink? Connection)
{
    /// <summary>The word for how it is doing (<see cref="CameraText"/>).</summary>
    public string Status => CameraText.Of(Camera.State, Connection is not null);
}
