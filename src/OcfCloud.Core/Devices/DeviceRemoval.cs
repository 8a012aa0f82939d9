using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Refusals;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Devices;

/// <summary>Takes a device out of the store: its tokens, links and twin go with its row (device-to-cloud.md, 3, DELETE).</summary>
/// <remarks>The one-time token that registered it stays used, and answers no more because its family is gone: it is not touched, as a sign-up locks it before the device.</remarks>
internal sealed class DeviceRemoval(SessionNumbers numbers, Outbox outbox, AuditTrail audit)
{
    /// <summary>Forgets why devices were refused: their next owner has no business with what the former one saw. One statement, however many are removed.</summary>
    public static Task ForgetRefusalsAsync(CloudDbContext context, IQueryable<DeviceId> devices, CancellationToken cancellationToken) =>
        context.Set<DeviceRefusalRow>().Where(r => devices.Contains(r.DeviceId)).ExecuteDeleteAsync(cancellationToken);

    /// <summary>Removes a device whose lock the caller holds.</summary>
    /// <param name="context">The transaction's context.</param>
    /// <param name="device">The device.</param>
    /// <param name="actor">Who removes it; null: whoever acts in this flow of calls.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task RemoveAsync(CloudDbContext context, Device device, AuditActor? actor, CancellationToken cancellationToken)
    {
        audit.Add(context, AuditKind.DeviceRemoved, $"device:{device.Id}", device.UserId, device.Name, actor);
        var links = await context.Set<LinkRow>().AsNoTracking().Where(l => l.DeviceId == device.Id).OrderBy(l => l.Ins).ToListAsync(cancellationToken);
        context.Remove(device);
        if (links.Count > 0)
            outbox.Add(context, EventKind.ResourcesUnpublished, device.UserId, device.Id, payload: LinkEventPayload.Encode(links));
        outbox.Add(context, EventKind.DeviceUnregistered, device.UserId, device.Id, numbers.NextRevocation(device.Session));
    }
}
