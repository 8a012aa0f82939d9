using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Audit;

/// <summary>Takes old entries out of the audit record, a batch a transaction: other writers have their turns in between. Two nodes do no harm.</summary>
internal sealed partial class AuditPruning(Store store, AuditOptions options, TimeProvider time, ILogger<AuditPruning> logger) : BackgroundService
{
    internal const int BatchSize = 1_000;

    /// <summary>Removes what is due now.</summary>
    internal async Task PruneAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - options.Keep;
        await RemoveAsync(rows => rows.Where(row => row.LastAt < before), cancellationToken);
        foreach (var kind in AuditKind.Refusals)
        {
            var surplus = await store.ReadAsync(
                (context, token) => context.Set<AuditEntryRow>().Where(row => row.Kind == kind).OrderByDescending(row => row.Id).Skip(options.MaxRefusals)
                    .Select(row => (long?)row.Id).FirstOrDefaultAsync(token),
                cancellationToken);
            if (surplus is { } last) await RemoveAsync(rows => rows.Where(row => row.Kind == kind && row.Id <= last), cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.PrunePeriod, time);
        do
        {
            try
            {
                await PruneAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotPruned(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RemoveAsync(Func<IQueryable<AuditEntryRow>, IQueryable<AuditEntryRow>> which, CancellationToken cancellationToken)
    {
        int removed;
        do
        {
            removed = await store.WriteAsync(
                async (context, token) =>
                {
                    var ids = await which(context.Set<AuditEntryRow>()).OrderBy(row => row.Id).Select(row => row.Id).Take(BatchSize).ToListAsync(token);
                    return ids.Count == 0 ? 0 : await context.Set<AuditEntryRow>().Where(row => ids.Contains(row.Id)).ExecuteDeleteAsync(token);
                },
                cancellationToken);
        }
        while (removed == BatchSize);
    }
}
