using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Twins;

namespace OcfCloud.Core.Directory;

/// <summary>Takes links out of the directory, and what the twin knows of them, with the event.</summary>
internal sealed class LinkRemoval(Outbox outbox)
{
    /// <summary>Removes links of a device whose lock the caller holds.</summary>
    public async Task RemoveAsync(CloudDbContext context, Device device, List<LinkRow> links, CancellationToken cancellationToken)
    {
        if (links.Count == 0) return;
        context.RemoveRange(links);
        // /oic/d and /oic/p are known whether published or not (device-to-cloud.md, 10).
        var hrefs = links.Select(l => l.Href).Where(href => !TwinStore.IsAlwaysKept(href)).ToArray();
        context.RemoveRange(await context.Set<TwinRow>().Where(t => t.DeviceId == device.Id && hrefs.Contains(t.Href)).ToListAsync(cancellationToken));
        outbox.Add(context, EventKind.ResourcesUnpublished, device.UserId, device.Id, payload: LinkEventPayload.Encode(links.OrderBy(l => l.Ins)));
    }
}
