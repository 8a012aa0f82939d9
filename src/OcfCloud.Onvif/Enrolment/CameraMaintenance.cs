using Microsoft.Extensions.Logging;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Firmware;
using OcfCloud.Onvif.Soap;
using OcfCloud.Onvif.Uplink;

namespace OcfCloud.Onvif.Enrolment;

/// <summary>What an owner does with a camera that is connected: ask who it is, and have it upgrade its firmware.</summary>
public sealed partial class CameraMaintenance
{
    private readonly Store _store;
    private readonly CameraRegister _cameras;
    private readonly ICameraCalls _calls;
    private readonly CameraAdoption _adoption;
    private readonly ILogger<CameraMaintenance> _logger;

    internal CameraMaintenance(Store store, CameraRegister cameras, ICameraCalls calls, CameraAdoption adoption, ILogger<CameraMaintenance> logger) =>
        (_store, _cameras, _calls, _adoption, _logger) = (store, cameras, calls, adoption, logger);

    /// <summary>Asks a camera who it is, and takes what it says as at its first uplink: another camera than was promised, or than it was before, is quarantined.</summary>
    /// <returns>The camera as it is known now, or why it is not; null where there is none of this id, or it is not the owner's.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<CallAnswer<CameraSummary>?> RefreshInformationAsync(Guid camera, UserId owner, CancellationToken cancellationToken)
    {
        if (await _cameras.FindAsync(camera, owner, cancellationToken) is null) return null;
        var answer = await _calls.GetDeviceInformationAsync(camera, cancellationToken);
        if (answer.Outcome != CallOutcome.Done) return Failed<CameraSummary, DeviceInformation>(answer);
        await _store.WriteAsync((context, token) => _adoption.TakeAsync(context, owner, camera, answer.Value!, token), cancellationToken);
        return await _cameras.FindAsync(camera, owner, cancellationToken) is { } known ? CallAnswer<CameraSummary>.Done(known) : null;
    }

    /// <summary>Tells a camera to get a version of its firmware from its manufacturer's cloud and to install it.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="owner">Whose it has to be.</param>
    /// <param name="version">The version, as <see cref="FirmwareText"/> takes it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The expected down time (<c>xs:duration</c>), or why it is not done; null where there is none of this id, or it is not the owner's.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<CallAnswer<string>?> UpgradeFirmwareAsync(Guid camera, UserId owner, string version, CancellationToken cancellationToken)
    {
        if (await _cameras.FindAsync(camera, owner, cancellationToken) is not { } found) return null;
        if (RefusalOf(found.Camera.State) is { } refusal) return CallAnswer<string>.Faulty(new SoapFault(true, [FaultReading.NotAuthorized], refusal));
        var answer = await _calls.UpgradeFirmwareAsync(camera, version, cancellationToken);
        LogUpgrade(camera, owner, version, answer.Outcome);
        return answer;
    }

    private static string? RefusalOf(CameraState state) => state switch
    {
        CameraState.Active => null,
        CameraState.Quarantined => "The camera is quarantined: it is another one than was promised.",
        CameraState.Transferred => "The camera was transferred to another cloud.",
        _ => "The camera has not said yet who it is.",
    };

    private static CallAnswer<T> Failed<T, TOther>(CallAnswer<TOther> answer) => answer.Fault is { } fault ? CallAnswer<T>.Faulty(fault) : CallAnswer<T>.Without(answer.Outcome);

    [LoggerMessage(Level = LogLevel.Information, Message = "User {UserId} had camera {CameraId} upgrade to firmware {Version}: {Outcome}")]
    private partial void LogUpgrade(Guid cameraId, UserId userId, string version, CallOutcome outcome);
}
