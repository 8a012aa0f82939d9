using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Operation;
using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Uplink;

/// <summary>What a camera becomes by what it says of itself, whoever asked it: the promised one, or one in quarantine.</summary>
/// <remarks>
/// Who it is is taken once. After that only firmware and hardware are kept up to date: another manufacturer, model or serial number is another camera behind the same key.
/// </remarks>
internal sealed partial class CameraAdoption(Announcements announcements, ILogger<CameraAdoption> logger)
{
    private readonly ILogger<CameraAdoption> _logger = logger;

    /// <summary>Whether what the camera says would change anything; most often nothing is new, and a storm of cameras that come back is no storm of writes.</summary>
    public static bool IsNews(Camera known, DeviceInformation says) =>
        known.State == CameraState.Waiting
        || !SaidText.IsSame(known.FirmwareVersion, says.FirmwareVersion) || !SaidText.IsSame(known.HardwareId, says.HardwareId)
        || (known.State == CameraState.Active && (DifferenceOf(known.Manufacturer, known.Model, known.SerialNumber, says) is not null || IsUnnamed(known)));

    /// <summary>Takes what the camera says, in the caller's transaction, under its owner's lock. Nothing happens where the camera is gone.</summary>
    public async Task TakeAsync(CloudDbContext context, UserId owner, Guid id, DeviceInformation says, CancellationToken cancellationToken)
    {
        if (!await UserLock.TakeAsync(context, owner, cancellationToken)) return;
        if (await context.Set<Camera>().FirstOrDefaultAsync(c => c.Id == id && c.UserId == owner, cancellationToken) is not { } camera) return;
        (camera.FirmwareVersion, camera.HardwareId) = (SaidText.Cut(says.FirmwareVersion), SaidText.Cut(says.HardwareId));
        if (camera.State == CameraState.Waiting) await AdoptAsync(context, camera, says, cancellationToken);
        else if (camera.State == CameraState.Active) Compare(camera, says);
        announcements.CameraChanged(context, owner, id);
    }

    // The token was not to be trusted before; now the camera itself says who it is.
    private async Task AdoptAsync(CloudDbContext context, Camera camera, DeviceInformation says, CancellationToken cancellationToken)
    {
        (camera.Manufacturer, camera.Model, camera.SerialNumber) = (SaidText.Cut(says.Manufacturer), SaidText.Cut(says.Model), SaidText.Cut(says.SerialNumber));
        if (camera.IncomingShareId is not { } id)
        {
            camera.State = CameraState.Active;
            return;
        }

        var share = await context.Set<IncomingShare>().FirstOrDefaultAsync(s => s.Id == id, cancellationToken);
        var refusal = share is null
            ? "What the share token promised is not known any more: the camera cannot be compared with it."
            : DifferenceOf(share.Manufacturer, share.Model, share.SerialNumber, says) is { } difference ? $"The camera is another one than the share token promised: its {difference} differs." : null;
        if (refusal is null) camera.State = CameraState.Active;
        else Quarantine(camera, refusal);
        if (share?.State is not (IncomingShareState.Completed or IncomingShareState.TimedOut)) return;
        share.State = refusal is null ? IncomingShareState.Connected : IncomingShareState.Quarantined;
        share.Reason = refusal;
    }

    private void Compare(Camera camera, DeviceInformation says)
    {
        camera.Manufacturer ??= SaidText.Cut(says.Manufacturer);
        camera.Model ??= SaidText.Cut(says.Model);
        camera.SerialNumber ??= SaidText.Cut(says.SerialNumber);
        if (DifferenceOf(camera.Manufacturer, camera.Model, camera.SerialNumber, says) is { } difference) Quarantine(camera, $"The camera says that it is another one than before: its {difference} differs.");
    }

    private void Quarantine(Camera camera, string reason)
    {
        (camera.State, camera.Reason) = (CameraState.Quarantined, reason);
        LogOtherCamera(camera.Id, reason);
    }

    private static bool IsUnnamed(Camera camera) => camera.Manufacturer is null || camera.Model is null || camera.SerialNumber is null;

    // What is not known yet differs from nothing.
    private static string? DifferenceOf(string? manufacturer, string? model, string? serialNumber, DeviceInformation says)
    {
        var differing = new List<string>(3);
        if (manufacturer is not null && !SaidText.IsSame(manufacturer, says.Manufacturer)) differing.Add("manufacturer");
        if (model is not null && !SaidText.IsSame(model, says.Model)) differing.Add("model");
        if (serialNumber is not null && !SaidText.IsSame(serialNumber, says.SerialNumber)) differing.Add("serial number");
        return differing.Count == 0 ? null : string.Join(", ", differing);
    }
}
