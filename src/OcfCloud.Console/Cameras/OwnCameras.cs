using OcfCloud.Core.Devices;
using OcfCloud.Onvif.Enrolment;
using OcfCloud.Onvif.Firmware;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.ShareTokens;

namespace OcfCloud.Console.Cameras;

/// <summary>A user's cameras, with all that their pages show.</summary>
internal sealed class OwnCameras(CameraRegister cameras, ShareTokenDesk tokens, CameraShares shares, FirmwareImages images)
{
    /// <summary>A camera by the id in an address; null where the user has none of it.</summary>
    public async Task<CameraSummary?> FindAsync(UserId user, string id, CancellationToken cancellationToken) =>
        Guid.TryParseExact(id, "D", out var camera) ? await cameras.FindAsync(camera, user, cancellationToken) : null;

    /// <summary>The same with what hangs on it.</summary>
    public async Task<CameraDetails?> DetailsAsync(UserId user, string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(user, id, cancellationToken) is not { } found) return null;
        return new CameraDetails(
            found,
            await tokens.ListAsync(user, found.Camera.Id, cancellationToken) ?? [],
            await shares.ListAsync(user, found.Camera.Id, cancellationToken) ?? [],
            found.Camera.Model is { } model ? await images.AvailableAsync(model, cancellationToken) ?? [] : []);
    }
}
