using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>
/// Keeps the mirrors of linked accounts up to date as long as the host runs. So many accounts at once, and so many of one cloud: one that is slow keeps its own users
/// waiting only.
/// <code>
///   woken, or each second ─► claims accounts that are due ─► each: a turn ─► settled, given back
/// </code>
/// </summary>
internal sealed partial class SynchronisationWorker(
    AccountClaims claims, AccountTurn turn, AccountWork work, IOptions<CloudLinkingOptions> options, TimeProvider time, ILogger<SynchronisationWorker> logger) : BackgroundService
{
    // Of a lease that is renewed in time even where one renewal fails.
    private const int RenewalsInALease = 3;

    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    private readonly CloudLinkingOptions _options = options.Value;
    private readonly ConcurrentDictionary<Guid, (Guid Cloud, Task Work)> _running = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var renewing = RenewAsync(stoppingToken);
        var released = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!released) await claims.ReleaseFormerLifeAsync(stoppingToken);
                released = true;
                await ClaimAsync(stoppingToken);
                await work.WaitAsync(_options.LookInterval, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                LogStoreTrouble(e);
                await Task.Delay(_options.LookInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        await Task.WhenAll(_running.Values.Select(r => r.Work));
        await renewing;
    }

    private async Task ClaimAsync(CancellationToken stopping)
    {
        var free = _options.MaxAccounts - _running.Count;
        if (free <= 0) return;
        foreach (var account in await claims.ClaimAsync(free, _running.ToDictionary(r => r.Key, r => r.Value.Cloud), stopping))
        {
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _running[account.Id] = (account.CloudId, RunAsync(account, begun.Task, stopping));
            begun.SetResult();
        }
    }

    private async Task RunAsync(AccountInHand account, Task begun, CancellationToken stopping)
    {
        await begun;
        try
        {
            var end = await turn.RunAsync(account, stopping);
            if (end.Trouble is { } trouble) LogTrouble(account.Id, account.Cloud.Name, trouble.Words);
            await claims.SettleAsync(account, end, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await GiveBackAsync(account);
        }
        catch (StoreUnavailableException e)
        {
            LogStoreTrouble(e);
            await GiveBackAsync(account);
        }
        catch (Exception e)
        {
            // A bug is tried again like any failure, ever less often, and the user learns that something is wrong.
            LogFailed(e, account.Id);
            await GiveBackAsync(account, new TurnEnd(TargetTrouble.OfOurs(account.Cloud.Name)));
        }
        finally
        {
            _running.TryRemove(account.Id, out _);
            work.Set();
        }
    }

    private async Task GiveBackAsync(AccountInHand account, TurnEnd? end = null)
    {
        try
        {
            using var limit = new CancellationTokenSource(StopGrace, time);
            await claims.SettleAsync(account, end, limit.Token);
        }
        catch (Exception e)
        {
            LogFailed(e, account.Id);
        }
    }

    private async Task RenewAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(_options.WorkLease / RenewalsInALease, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                try
                {
                    if (!_running.IsEmpty) await claims.RenewAsync([.. _running.Keys], stopping);
                }
                catch (Exception e) when (!stopping.IsCancellationRequested)
                {
                    LogStoreTrouble(e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }
}
