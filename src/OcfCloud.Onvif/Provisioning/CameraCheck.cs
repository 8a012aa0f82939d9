namespace OcfCloud.Onvif.Provisioning;

/// <summary>Whether a camera can take a configuration.</summary>
/// <param name="Refusal">Why not, in words; null: it can, or could not be asked.</param>
/// <param name="IsOtherCamera">Its GetDeviceInformation differs from what is stored.</param>
internal sealed record CameraCheck(string? Refusal, bool IsOtherCamera)
{
    public static CameraCheck Fits { get; } = new(null, false);
}
