using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tokens;

namespace OcfCloud.Core.Devices;

/// <summary>Takes a device out of the store: its tokens, links and twin go with its row (device-to-cloud.md, 3, DELETE).</summary>
internal sealed class DeviceRemoval(SessionNumbers numbers, Outbox outbox)
{
    /// <summary>Removes a device whose lock the caller holds.</summary>
    public async Task RemoveAsync(CloudDbContext context, Device device, CancellationToken cancellationToken)
    {
        var links = await context.Set<LinkRow>().AsNoTracking().Where(l => l.DeviceId == device.Id).OrderBy(l => l.Ins).ToListAsync(cancellationToken);
        // The token that registered it must not do so again.
        await context.Set<OneTimeTokenRow>().Where(t => t.UsedBy == device.Id).ExecuteDeleteAsync(cancellationToken);
        context.Remove(device);
        if (links.Count > 0)
            outbox.Add(context, EventKind.ResourcesUnpublished, device.UserId, device.Id, payload: LinkEventPayload.Encode(links));
        outbox.Add(context, EventKind.DeviceUnregistered, device.UserId, device.Id, numbers.NextRevocation(device.Session));
    }
}
