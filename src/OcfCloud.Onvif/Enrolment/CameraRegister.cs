using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Operation;

namespace OcfCloud.Onvif.Enrolment;

/// <summary>The cameras of users: how they enter by a certification request, and how they go.</summary>
public sealed partial class CameraRegister
{
    private readonly Store _store;
    private readonly DeviceClientRegister _clients;
    private readonly CameraRemoval _removal;
    private readonly Announcements _announcements;
    private readonly AuditTrail _audit;
    private readonly OnvifOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<CameraRegister> _logger;

    internal CameraRegister(
        Store store, DeviceClientRegister clients, CameraRemoval removal, Announcements announcements, AuditTrail audit, IOptions<OnvifOptions> options, TimeProvider time,
        ILogger<CameraRegister> logger) =>
        (_store, _clients, _removal, _announcements, _audit, _options, _time, _logger) = (store, clients, removal, announcements, audit, options.Value, time, logger);

    /// <summary>Brings a camera into a user's account: the key that made the request is let in from now on.</summary>
    /// <param name="user">The owner.</param>
    /// <param name="certificationRequest">The PKCS#10 request, DER.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<CameraEnrolment> EnrolAsync(UserId user, ReadOnlyMemory<byte> certificationRequest, CancellationToken cancellationToken)
    {
        if (!_options.HasUplink) return CameraEnrolment.Conflict("This cloud takes no uplinks of cameras: its uplink endpoint is off.");
        if (_clients.ReadKey(certificationRequest.Span, out var refusal) is not { } key) return CameraEnrolment.Bad(refusal!);

        // Before anything is written: were they unreadable, nobody could use what was.
        var anchors = _options.TrustAnchors().Select(anchor => anchor.ExportCertificatePem()).ToArray();
        var camera = new Camera { Id = Guid.NewGuid(), UserId = user, ClientId = DeviceClientRegister.NewId(), CreatedAt = _time.GetUtcNow() };
        var conflict = await _store.WriteAsync(
            async (context, token) =>
            {
                if (!await UserLock.TakeAsync(context, user, token)) return "The user is not there any more.";
                var cameras = await context.Set<Camera>().CountAsync(row => row.UserId == user, token) + await IncomingShareRows.CountComingAsync(context, user, camera.CreatedAt, token);
                if (cameras >= _options.MaxCamerasPerUser)
                    return string.Create(CultureInfo.InvariantCulture, $"The account has {_options.MaxCamerasPerUser} cameras, or asked for them, and no more fit in.");
                if (!await _clients.RegisterAsync(context, camera.ClientId, key, token)) return "The key of this request is another camera's: a camera makes a new one for each cloud and account.";
                context.Add(camera);
                _audit.Add(context, AuditKind.CameraEnrolled, $"camera:{camera.Id}", user);
                _announcements.CameraChanged(context, user, camera.Id);
                return null;
            },
            cancellationToken);
        if (conflict is not null) return CameraEnrolment.Conflict(conflict);
        LogEnrolled(camera.Id, user, key.Thumbprint);
        return new CameraEnrolment(Describe(camera, anchors), null, false);
    }

    /// <summary>The cameras of a user, or all, the oldest first.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<IReadOnlyList<CameraSummary>> ListAsync(UserId? user, CancellationToken cancellationToken) => _store.ReadAsync<IReadOnlyList<CameraSummary>>(
        async (context, token) =>
        {
            var cameras = context.Set<Camera>().Where(row => user == null || row.UserId == user);
            var uplinks = (await context.Set<CameraUplink>().Where(uplink => cameras.Any(camera => camera.Id == uplink.CameraId)).ToListAsync(token)).ToLookup(uplink => uplink.CameraId);
            return [.. (await cameras.OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(token)).Select(camera => Summary(camera, uplinks[camera.Id]))];
        },
        cancellationToken);

    /// <summary>A camera; null where there is none of this id, or it is not the owner's.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<CameraSummary?> FindAsync(Guid camera, UserId? owner, CancellationToken cancellationToken) => _store.ReadAsync(
        async (context, token) => await context.Set<Camera>().SingleOrDefaultAsync(row => row.Id == camera && (owner == null || row.UserId == owner), token) is { } found
            ? Summary(found, await context.Set<CameraUplink>().Where(uplink => uplink.CameraId == camera).ToListAsync(token))
            : null,
        cancellationToken);

    /// <summary>Takes a camera out of its owner's account with all that was shared of it here: its client is let in no more, its uplinks are closed.</summary>
    /// <returns>False where there is none of this id, or it is not the owner's.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<bool> RemoveAsync(Guid camera, UserId? owner, CancellationToken cancellationToken)
    {
        var removed = await _store.WriteAsync(
            async (context, token) =>
            {
                // The owner of a camera never changes; the lock comes before its row.
                if (await context.Set<Camera>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == camera && (owner == null || row.UserId == owner), token) is not { } found) return null;
                await UserLock.TakeAsync(context, found.UserId, token);
                if (!await context.Set<Camera>().AnyAsync(row => row.Id == camera, token)) return null;
                await _removal.RemoveAsync(context, found, token);
                return found;
            },
            cancellationToken);
        if (removed is null) return false;
        LogRemoved(camera, removed.UserId);
        return true;
    }

    private static CameraSummary Summary(Camera camera, IEnumerable<CameraUplink> uplinks) => new(camera, [.. uplinks.OrderByDescending(uplink => uplink.Since)]);

    private EnrolledCamera Describe(Camera camera, string[] anchors) => new(
        camera.Id,
        camera.ClientId,
        _options.ServerUri,
        DeviceClientOptions.Scope,
        [_options.UplinkHttps, _options.UplinkWss],
        anchors);
}
