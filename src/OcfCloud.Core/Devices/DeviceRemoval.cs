using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Devices;

/// <summary>Takes a device out of the store: its tokens, links and twin go with its row (device-to-cloud.md, 3, DELETE).</summary>
/// <remarks>The one-time token that registered it stays used, and answers no more because its family is gone: it is not touched, as a sign-up locks it before the device.</remarks>
internal sealed class DeviceRemoval(SessionNumbers numbers, Outbox outbox)
{
    /// <summary>Removes a device whose lock the caller holds.</summary>
    public async Task RemoveAsync(CloudDbContext context, Device device, CancellationToken cancellationToken)
    {
        var links = await context.Set<LinkRow>().AsNoTracking().Where(l => l.DeviceId == device.Id).OrderBy(l => l.Ins).ToListAsync(cancellationToken);
        context.Remove(device);
        if (links.Count > 0)
            outbox.Add(context, EventKind.ResourcesUnpublished, device.UserId, device.Id, payload: LinkEventPayload.Encode(links));
        outbox.Add(context, EventKind.DeviceUnregistered, device.UserId, device.Id, numbers.NextRevocation(device.Session));
    }
}
