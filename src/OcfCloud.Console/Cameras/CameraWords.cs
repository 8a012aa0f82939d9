using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Enrolment;

namespace OcfCloud.Console.Cameras;

/// <summary>Cameras in words for their owners.</summary>
internal static class CameraWords
{
    /// <summary>What a camera is called.</summary>
    public static string NameOf(Camera camera) =>
        string.Join(' ', new[] { camera.Manufacturer, camera.Model }.Where(text => !string.IsNullOrWhiteSpace(text))) is { Length: > 0 } name ? name : "Camera without a name";

    /// <summary>What its state means; null where its word says all.</summary>
    public static string? HintOf(CameraSummary known) => known.Camera.State switch
    {
        CameraState.Waiting => "It never connected. Set on it what it needs; its first connection says who it is.",
        CameraState.Quarantined => "It is another camera than was promised, so it is neither shared nor upgraded. Remove it.",
        CameraState.Transferred => "Another cloud has it now; it is let in here no more.",
        _ => null,
    };
}
