using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>The second half of unlinking, in the background: what is gone here is ended at the other clouds, several beside one another.</summary>
internal sealed partial class AccountUnlinking(
    UnlinkingQueue queue, AccountCleanUp cleanUp, LinkAttempts attempts, UnlinkingSignal signal, IOptions<LinkedAccountOptions> options, TimeProvider time,
    ILogger<AccountUnlinking> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<Guid, (Guid Cloud, Task Work)> _running = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isReleased = false;
        var sweepAt = time.GetUtcNow();
        try
        {
            while (true)
            {
                try
                {
                    if (!isReleased) await queue.ReleaseFormerLifeAsync(stoppingToken);
                    isReleased = true;
                    if (time.GetUtcNow() >= sweepAt)
                    {
                        sweepAt = time.GetUtcNow() + options.Value.SweepPeriod;
                        await attempts.RemoveExpiredAsync(stoppingToken);
                        await queue.SweepAsync(stoppingToken);
                    }

                    await ClaimAsync(stoppingToken);
                }
                catch (StoreUnavailableException e)
                {
                    LogStoreTrouble(e.Message);
                }

                await signal.WaitAsync(options.Value.PollPeriod, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(_running.Values.Select(one => one.Work));
        }
    }

    private async Task ClaimAsync(CancellationToken stoppingToken)
    {
        var free = options.Value.MaxParallel - _running.Count;
        if (free <= 0) return;
        var ofClouds = _running.Values.GroupBy(one => one.Cloud).ToDictionary(of => of.Key, of => of.Count());
        foreach (var account in await queue.ClaimAsync(free, ofClouds, stoppingToken))
        {
            // Listed before it can end, and so take itself off the list.
            var started = new TaskCompletionSource();
            _running[account.Id] = (account.LinkedCloudId, RunAsync(account, started.Task, stoppingToken));
            started.SetResult();
        }
    }

    private async Task RunAsync(LinkedAccount account, Task started, CancellationToken stoppingToken)
    {
        await started;
        try
        {
            var came = await CleanUpAsync(account, stoppingToken);
            if (await queue.SettleAsync(account, came, stoppingToken)) LogGivenUp(account.Id, account.LinkedCloudId);
            else LogCame(account.Id, account.LinkedCloudId, came);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The lease runs out by itself, as it does of what the store would not take.
        }
        catch (StoreUnavailableException e)
        {
            LogStoreTrouble(e.Message);
        }
        finally
        {
            _running.TryRemove(account.Id, out _);
            signal.Set();
        }
    }

    private async Task<CleanUp> CleanUpAsync(LinkedAccount account, CancellationToken stoppingToken)
    {
        try
        {
            return await cleanUp.RunAsync(account, stoppingToken);
        }
        catch (Exception e) when (e is not StoreUnavailableException && !stoppingToken.IsCancellationRequested)
        {
            // A bug of ours is tried again with growing rests and then given up, like a cloud that does not answer.
            LogFailed(e, account.Id);
            return CleanUp.Failed;
        }
    }
}
