using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Provisioning;

namespace OcfCloud.Onvif.Uplink;

/// <summary>Which cameras may keep the uplinks that they have.</summary>
internal static class UplinkRight
{
    /// <summary>Tells those of the given cameras whose uplinks may stand.</summary>
    /// <remarks>A camera that is being handed over keeps its uplink although its client is disabled: the last thing that is said to it is said by this uplink.</remarks>
    public static async Task<HashSet<Guid>> FindAsync(CloudDbContext context, IReadOnlyCollection<Guid> cameras, CancellationToken cancellationToken)
    {
        var found = await context.Set<Camera>().AsNoTracking().Where(c => cameras.Contains(c.Id))
            .Select(c => new
            {
                c.Id,
                c.State,
                IsClient = context.Set<DeviceClientKey>().Any(k => k.ClientId == c.ClientId),
                IsLeaving = context.Set<Share>().Any(s => s.CameraId == c.Id && s.State == ShareState.Transferring),
            })
            .ToListAsync(cancellationToken);
        return [.. found.Where(c => c.IsLeaving || (c.IsClient && c.State != CameraState.Transferred)).Select(c => c.Id)];
    }
}
