using OcfCloud.Onvif.Cameras;

namespace OcfCloud.Onvif.Enrolment;

/// <summary>A camera as its owner sees it.</summary>
/// <param name="Camera">The camera.</param>
/// <param name="Uplinks">Its uplinks, the newest first; none: it is offline.</param>
public sealed record CameraSummary(Camera Camera, IReadOnlyList<CameraUplink> Uplinks)
{
    /// <summary>Its newest uplink; null: it is offline.</summary>
    public CameraUplink? Connection => Uplinks.Count > 0 ? Uplinks[0] : null;

    /// <summary>The word for how it is doing (<see cref="CameraText"/>).</summary>
    public string Status => CameraText.Of(Camera.State, Connection is not null);
}
