using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Operation;
using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Uplink;

/// <summary>Asks every camera that connects who it is, and compares what it says the first time with what the share token had promised.</summary>
/// <remarks>It is also what opens HTTP/2 on an uplink: the preface, and with it the pings that the camera waits for, go out with the first request.</remarks>
internal sealed partial class CameraIdentity(
    ICameraCalls calls, CameraConnections connections, Store store, Announcements announcements, IOptions<OnvifOptions> options, TimeProvider time, ILogger<CameraIdentity> logger)
{
    /// <summary>Asks until the camera answered or the uplink is over. Throws nothing.</summary>
    public async Task LookAsync(HeldUplink uplink)
    {
        var rest = options.Value.InformationRetryFirst;
        while (!uplink.IsOver)
        {
            try
            {
                if (await TryLookAsync(uplink)) return;
                await Task.Delay(rest, time, uplink.Stream.Ending);
            }
            catch (OperationCanceledException) when (uplink.IsOver)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailed(e, uplink.Camera);
                await Task.Delay(rest, time, uplink.Stream.Ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            rest = rest * 2 < options.Value.InformationRetryMax ? rest * 2 : options.Value.InformationRetryMax;
        }
    }

    private async Task<bool> TryLookAsync(HeldUplink uplink)
    {
        var ending = uplink.Stream.Ending;
        var answer = await connections.ByAsync(uplink, () => calls.GetDeviceInformationAsync(uplink.Camera, ending));
        if (answer.Value is not { } information)
        {
            if (!uplink.IsOver) LogNotSaid(uplink.Camera, answer.Outcome, answer.Fault?.Reason);
            return false;
        }

        // Most often nothing is new, and a storm of cameras that come back is no storm of writes.
        var known = await store.ReadAsync((context, token) => context.Set<Camera>().FirstOrDefaultAsync(c => c.Id == uplink.Camera, token), ending);
        if (known is null) return true;
        if (known.State == CameraState.Waiting || !Says(known, information)) await TakeAsync(uplink, information, ending);
        connections.Announce(uplink.Camera);
        return true;
    }

    private Task TakeAsync(HeldUplink uplink, DeviceInformation information, CancellationToken cancellationToken) => store.WriteAsync(
        async (context, token) =>
        {
            if (!await UserLock.TakeAsync(context, uplink.User, token)) return;
            if (await context.Set<Camera>().FirstOrDefaultAsync(c => c.Id == uplink.Camera, token) is not { } camera) return;
            (camera.Manufacturer, camera.Model, camera.SerialNumber) = (Cut(information.Manufacturer), Cut(information.Model), Cut(information.SerialNumber));
            (camera.FirmwareVersion, camera.HardwareId) = (Cut(information.FirmwareVersion), Cut(information.HardwareId));
            if (camera.State == CameraState.Waiting) await AdoptAsync(context, camera, information, token);
            announcements.CameraChanged(context, camera.UserId, camera.Id);
        },
        cancellationToken);

    // The guide, step 7: the token was not to be trusted before; now the camera itself says who it is.
    private async Task AdoptAsync(CloudDbContext context, Camera camera, DeviceInformation information, CancellationToken cancellationToken)
    {
        var share = camera.IncomingShareId is { } id ? await context.Set<IncomingShare>().FirstOrDefaultAsync(s => s.Id == id, cancellationToken) : null;
        var difference = share is null ? null : DifferenceOf(share, information);
        camera.State = difference is null ? CameraState.Active : CameraState.Quarantined;
        camera.Reason = difference;
        if (difference is not null) LogOtherCamera(camera.Id, difference);
        if (share is null || share.State is not (IncomingShareState.Completed or IncomingShareState.TimedOut)) return;
        share.State = difference is null ? IncomingShareState.Connected : IncomingShareState.Quarantined;
        share.Reason = difference;
    }

    private static string? DifferenceOf(IncomingShare share, DeviceInformation information)
    {
        var differing = new List<string>(3);
        if (!string.Equals(share.Manufacturer, information.Manufacturer, StringComparison.Ordinal)) differing.Add("manufacturer");
        if (!string.Equals(share.Model, information.Model, StringComparison.Ordinal)) differing.Add("model");
        if (!string.Equals(share.SerialNumber, information.SerialNumber, StringComparison.Ordinal)) differing.Add("serial number");
        return differing.Count == 0 ? null : $"The camera is another one than the share token promised: its {string.Join(", ", differing)} differs.";
    }

    private static bool Says(Camera camera, DeviceInformation information) =>
        camera.Manufacturer == Cut(information.Manufacturer) && camera.Model == Cut(information.Model) && camera.SerialNumber == Cut(information.SerialNumber)
        && camera.FirmwareVersion == Cut(information.FirmwareVersion) && camera.HardwareId == Cut(information.HardwareId);

    private static string Cut(string text) => text.Length <= Camera.MaxTextLength ? text : text[..Camera.MaxTextLength];
}
