using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Operation;

namespace OcfCloud.Onvif.Enrolment;

/// <summary>Takes cameras and all that hangs on them out of the store, in a transaction that holds the owner's lock. It goes with the user, too.</summary>
internal sealed class CameraRemoval(DeviceClientRegister clients, Announcements announcements, AuditTrail audit) : IUserBelongings
{
    /// <summary>Removes a camera; its uplinks, share tokens and shares go with its row.</summary>
    public async Task RemoveAsync(CloudDbContext context, Camera camera, CancellationToken cancellationToken)
    {
        await clients.RemoveAsync(context, camera.ClientId, cancellationToken);

        // What brought it is over: were it told again that the camera's key is registered, nothing would come back.
        await context.Set<IncomingShare>().Where(share => share.CameraId == camera.Id).ExecuteDeleteAsync(cancellationToken);
        await context.Set<Camera>().Where(row => row.Id == camera.Id).ExecuteDeleteAsync(cancellationToken);
        audit.Add(context, AuditKind.CameraRemoved, $"camera:{camera.Id}", camera.UserId, camera.Model);
        announcements.CameraChanged(context, camera.UserId, camera.Id);
    }

    public async Task EraseAsync(CloudDbContext context, UserId user, CancellationToken cancellationToken)
    {
        foreach (var camera in await context.Set<Camera>().AsNoTracking().Where(row => row.UserId == user).OrderBy(row => row.Id).ToListAsync(cancellationToken))
            await RemoveAsync(context, camera, cancellationToken);

        // Cameras that were asked for and are not there yet.
        foreach (var client in await context.Set<IncomingShare>().Where(share => share.UserId == user).Select(share => share.ClientId).ToListAsync(cancellationToken))
            await clients.RemoveAsync(context, client, cancellationToken);
        await context.Set<IncomingShare>().Where(share => share.UserId == user).ExecuteDeleteAsync(cancellationToken);
    }
}
