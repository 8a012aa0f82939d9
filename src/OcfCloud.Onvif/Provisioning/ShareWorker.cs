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

    private readonly ConcurrentDictionary<Guid, Task> _running = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var uplinks = connections.Subscribe(_ => signal.Set());
        using var changes = hints.SubscribeAll(hint =>
        {
            if (hint.IsEverything || hint.Kind == EventKind.CameraChanged) signal.Set();
        });
        var isReleased = false;
        var renewAt = time.GetUtcNow();
        try
        {
            while (true)
            {
                try
                {
                    if (!isReleased) await queue.ReleaseFormerLifeAsync(stoppingToken);
                    isReleased = true;
                    if (time.GetUtcNow() >= renewAt)
                    {
                        renewAt = time.GetUtcNow() + (options.Value.WorkLease / 3);
                        if (!_running.IsEmpty) await queue.RenewAsync([.. _running.Keys], stoppingToken);
                    }

                    await ClaimAsync(stoppingToken);
                }
                catch (StoreUnavailableException e)
                {
                    LogStoreTrouble(e.Message);
                }

                await signal.WaitAsync(options.Value.LookInterval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(_running.Values);
        }
    }

    private async Task ClaimAsync(CancellationToken stoppingToken)
    {
        var free = options.Value.MaxParallelShares - _running.Count;
        if (free <= 0) return;
        foreach (var share in await queue.ClaimAsync(free, [.. _running.Keys], stoppingToken))
        {
            // Listed before it can end, and so take itself off the list.
            var started = new TaskCompletionSource();
            _running[share.Id] = RunAsync(share, started.Task, stoppingToken);
            started.SetResult();
        }
    }

    private async Task RunAsync(Share share, Task started, CancellationToken stoppingToken)
    {
        await started;
        try
        {
            DateTimeOffset? again = null;
            try
            {
                await turn.RunAsync(share, stoppingToken);
            }
            catch (ShareChangedException)
            {
                LogChanged(share.Id);
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
        finally
        {
            _running.TryRemove(share.Id, out _);
            signal.Set();
        }
    }
}
