using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Directory;

/// <summary>Takes links out of the directory that were not published again within their <c>ttl</c>. A device's row claims its links: two nodes do no harm.</summary>
internal sealed partial class LinkExpiry(Store store, LinkRemoval removal, DirectoryOptions options, TimeProvider time, ILogger<LinkExpiry> logger) : BackgroundService
{
    private const int DevicesAtOnce = 100;

    /// <summary>Removes what is due now.</summary>
    internal async Task ExpireAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = time.GetUtcNow();
            var devices = await store.ReadAsync(
                (context, token) => context.Set<LinkRow>().Where(l => l.ExpiresAt <= now).Select(l => l.DeviceId).Distinct().Take(DevicesAtOnce).ToListAsync(token),
                cancellationToken);
            if (devices.Count == 0) return;
            await store.WriteAsync(
                async (context, token) =>
                {
                    foreach (var device in await context.LockDevicesAsync(devices, token))
                    {
                        var due = await context.Set<LinkRow>().Where(l => l.DeviceId == device.Id && l.ExpiresAt <= now).ToListAsync(token);
                        await removal.RemoveAsync(context, device, due, token);
                    }
                },
                cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.ExpiryPeriod, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ExpireAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotExpired(e);
            }
        }
    }
}
