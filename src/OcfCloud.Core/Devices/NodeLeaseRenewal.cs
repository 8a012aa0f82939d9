using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Devices;

/// <summary>Keeps this node's lease and clears run-out ones, where nodes share a store.</summary>
internal sealed partial class NodeLeaseRenewal(
    Store store, NodeLease lease, OnlineState online, OnlineStateOptions options, TimeProvider time, ILogger<NodeLeaseRenewal> logger) : BackgroundService
{
    internal async Task RenewAsync(CancellationToken cancellationToken)
    {
        if (await store.WriteAsync(lease.RenewAsync, cancellationToken))
        {
            online.WriteLiveSessionsAnew();
            lease.WriteBelongingsAnew();
        }
        await lease.ClearRunOutAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!store.Dialect.IsShared) return;
        using var timer = new PeriodicTimer(options.LeaseRenewal, time);
        do
        {
            try
            {
                await RenewAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotRenewed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
