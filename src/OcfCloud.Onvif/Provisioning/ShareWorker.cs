using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Uplink;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>Works on shares in the background, several beside one another: claims what is due, runs its turn, gives it back.</summary>
internal sealed partial class ShareWorker(
    ShareQueue queue, ShareTurn turn, ICameraConnections connections, IHints hints, SharingSignal signal, IOptions<OnvifOptions> options, TimeProvider time, ILogger<ShareWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan FaultRest = TimeSpan.FromSeconds(30);

    // Every change of a camera anywhere wakes this: those of a moment are looked at together.
    private static readonly TimeSpan LookRest = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<Guid, Task> _running = new();
    private CancellationTokenSource _lease = new();
    private DateTimeOffset _renewAt;
    private DateTimeOffset _leaseUntil;

    public override void Dispose()
    {
        _lease.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var uplinks = connections.Subscribe(_ => signal.Set());
        using var changes = hints.SubscribeAll(hint =>
        {
            if (hint.IsEverything || hint.Kind == EventKind.CameraChanged) signal.Set();
        });
        var isReleased = false;
        (_renewAt, _leaseUntil) = (time.GetUtcNow(), time.GetUtcNow() + options.Value.WorkLease);
        try
        {
            while (true)
            {
                try
                {
                    if (!isReleased) await queue.ReleaseFormerLifeAsync(stoppingToken);
                    isReleased = true;
                    await RenewAsync(stoppingToken);
                    await ClaimAsync(stoppingToken);
                }
                catch (StoreUnavailableException e)
                {
                    LogStoreTrouble(e.Message);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    // A bug of ours is no reason to end the whole cloud.
                    LogLoopFailed(e);
                }

                EndWhereLeaseIsOver();
                await Task.Delay(LookRest, time, stoppingToken);
                await signal.WaitAsync(WaitOf(), time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(_running.Values);
        }
    }

    // Leases are held by being renewed in time, whatever else is looked for how often; a renewal that failed is tried again soon.
    private TimeSpan WaitOf()
    {
        var look = options.Value.LookInterval;
        if (_running.IsEmpty) return look;
        var renewal = _renewAt - time.GetUtcNow();
        if (renewal < LookRest) renewal = LookRest;
        return renewal < look ? renewal : look;
    }

    private async Task RenewAsync(CancellationToken stoppingToken)
    {
        var now = time.GetUtcNow();
        if (now < _renewAt) return;
        if (!_running.IsEmpty) await queue.RenewAsync([.. _running.Keys], stoppingToken);

        // Only once it is done: what failed is tried again at the next look.
        (_renewAt, _leaseUntil) = (now + (options.Value.WorkLease / 3), now + options.Value.WorkLease);
    }

    // Another node may have what runs here: no more calls to its camera.
    private void EndWhereLeaseIsOver()
    {
        if (_running.IsEmpty || time.GetUtcNow() < _leaseUntil) return;
        var over = _lease;
        _lease = new CancellationTokenSource();
        over.Cancel();
        over.Dispose();
    }

    private async Task ClaimAsync(CancellationToken stoppingToken)
    {
        var free = options.Value.MaxParallelShares - _running.Count;
        if (free <= 0) return;
        foreach (var share in await queue.ClaimAsync(free, [.. _running.Keys], stoppingToken))
        {
            // Listed before it can end, and so take itself off the list.
            var started = new TaskCompletionSource();
            _running[share.Id] = RunAsync(share, started.Task, CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, _lease.Token), stoppingToken);
            started.SetResult();
        }
    }

    private async Task RunAsync(Share share, Task started, CancellationTokenSource held, CancellationToken stoppingToken)
    {
        using var ending = held;
        await started;
        try
        {
            DateTimeOffset? again = null;
            try
            {
                await turn.RunAsync(share, held.Token);
            }
            catch (ShareChangedException)
            {
                LogChanged(share.Id);
            }
            catch (OperationCanceledException) when (held.IsCancellationRequested && !stoppingToken.IsCancellationRequested)
            {
                LogLeaseOver(share.Id);
            }
            catch (Exception e) when (e is not StoreUnavailableException && !stoppingToken.IsCancellationRequested)
            {
                // A bug of ours: not in a hurry again, and its deadline ends it.
                LogFailed(e, share.Id);
                again = time.GetUtcNow() + FaultRest;
            }

            await queue.ReleaseAsync(share.Id, again, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Its next life, or the end of the lease, gives it back; as it does of what the store would not take.
        }
        catch (StoreUnavailableException e)
        {
            LogStoreTrouble(e.Message);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            LogFailed(e, share.Id);
        }
        finally
        {
            _running.TryRemove(share.Id, out _);
            signal.Set();
        }
    }
}
