using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Operation;

/// <summary>
/// Sends startDeviceSharing for the shares that users confirmed. What the other cloud certainly did not look at is sent a few times; everything else only once, for what it did with it is not known: where
/// it went on after all, its deviceSharingCompleted still completes a failed share. A node that died while it sent leaves that to another one, whose request is the same to the byte.
/// </summary>
internal sealed partial class RequestSender(
    RequestQueue queue,
    RequestCall call,
    OwnConfiguration own,
    SealedSecrets secrets,
    RequestSignal signal,
    IOptions<OnvifOptions> options,
    TimeProvider time,
    ILogger<RequestSender> logger) : BackgroundService
{
    private static readonly TimeSpan[] Rests = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)];

    private readonly ILogger<RequestSender> _logger = logger;
    private readonly ConcurrentDictionary<Guid, Task> _running = new();

    /// <summary>How often one is sent at most.</summary>
    public static int MaxAttempts => Rests.Length + 1;

    /// <summary>The time in between.</summary>
    public static TimeSpan AllRests => Rests.Aggregate(TimeSpan.Zero, (sum, rest) => sum + rest);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isNew = true;
        try
        {
            while (true)
            {
                try
                {
                    if (isNew) await queue.ReleaseFormerLifeAsync(stoppingToken);
                    isNew = false;
                    await queue.EndOverdueAsync(stoppingToken);
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
        foreach (var share in await queue.ClaimAsync(free, stoppingToken))
        {
            // Listed before it can end, and so take itself off the list.
            var started = new TaskCompletionSource();
            _running[share.Id] = RunAsync(share, started.Task, stoppingToken);
            started.SetResult();
        }
    }

    private async Task RunAsync(IncomingShare share, Task started, CancellationToken stoppingToken)
    {
        await started;
        try
        {
            var outcome = await TrySendAsync(share, stoppingToken);
            await queue.SettleAsync(share, outcome, stoppingToken);
            if (outcome.IsTaken) LogRequested(share.Id);
            else LogFailed(share.Id, outcome.Reason!);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next life of this node begins with it.
        }
        catch (StoreUnavailableException e)
        {
            LogStoreTrouble(e.Message);
        }
        catch (Exception e)
        {
            // Its lease runs out; nobody waits for this task.
            LogBroken(e, share.Id);
        }
        finally
        {
            _running.TryRemove(share.Id, out _);
            signal.Set();
        }
    }

    // A bug, or a setting that cannot be read, ends this one share and not the sender.
    private async Task<RequestOutcome> TrySendAsync(IncomingShare share, CancellationToken stoppingToken)
    {
        try
        {
            return await SendAsync(share, stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            LogBroken(e, share.Id);
            return RequestOutcome.Failed("This cloud could not ask the other one: its log says why.");
        }
    }

    private async Task<RequestOutcome> SendAsync(IncomingShare share, CancellationToken stoppingToken)
    {
        if (secrets.TryOpen(share.Token) is not { } token || secrets.TryOpen(share.Nonce) is not { } nonce) return RequestOutcome.Failed("The share token cannot be read any more: this cloud's key ring is another one.");
        if (own.For(share, token, nonce) is not { } configuration) return RequestOutcome.Failed("This cloud has no uplink endpoint, or no trust anchors, that it could give to a camera.");
        for (var attempt = 0; ; attempt++)
        {
            var outcome = await call.SendAsync(share.Xaddr, configuration, stoppingToken);
            if (!outcome.MayRepeat || attempt == Rests.Length) return outcome;
            await Task.Delay(Rests[attempt], time, stoppingToken);
        }
    }
}
