using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudApi.Notifications;

/// <summary>Writes what came of deliveries, as many in one transaction as there are: while one is written, the next ones gather.</summary>
/// <param name="settle">Writes results in one transaction: <see cref="DeliveryQueue.SettleAsync"/>.</param>
/// <param name="options">How long to rest where the store does not answer.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class Settlement(
    Func<IReadOnlyCollection<DeliveryResult>, CancellationToken, Task> settle, NotificationOptions options, TimeProvider time, ILogger<Settlement> logger)
{
    private const int MostAtOnce = 256;

    private readonly Channel<DeliveryResult> _results =
        Channel.CreateBounded<DeliveryResult>(new BoundedChannelOptions(4 * MostAtOnce) { SingleReader = true });

    /// <summary>Adds a result; waits where the store is behind.</summary>
    public ValueTask AddAsync(DeliveryResult result, CancellationToken abort) => _results.Writer.WriteAsync(result, abort);

    /// <summary>No more come.</summary>
    public void Complete() => _results.Writer.TryComplete();

    /// <summary>Writes until no more come.</summary>
    /// <param name="settled">Called after each transaction.</param>
    /// <param name="abort">Gives up what is not written: the claims run out.</param>
    public async Task RunAsync(Action settled, CancellationToken abort)
    {
        var batch = new List<DeliveryResult>(MostAtOnce);
        while (await _results.Reader.WaitToReadAsync(abort))
        {
            while (batch.Count < MostAtOnce && _results.Reader.TryRead(out var result)) batch.Add(result);
            if (!await TrySettleAsync(batch, abort)) await SettleOneByOneAsync(batch, abort);
            batch.Clear();
            settled();
        }
    }

    // What cannot be written is not to keep the others waiting for ever; its claim runs out, and it is sent again.
    private async Task SettleOneByOneAsync(List<DeliveryResult> batch, CancellationToken abort)
    {
        foreach (var result in batch) await TrySettleAsync([result], abort);
    }

    // False where it is not the store's trouble but that of what is written.
    private async Task<bool> TrySettleAsync(List<DeliveryResult> batch, CancellationToken abort)
    {
        while (true)
        {
            try
            {
                await settle(batch, abort);
                return true;
            }
            catch (Exception e) when (!abort.IsCancellationRequested && e is not StoreUnavailableException)
            {
                LogFailed(e, batch.Count, batch[0].Id);
                return false;
            }
            catch (StoreUnavailableException e) when (!abort.IsCancellationRequested)
            {
                LogStoreTrouble(e, batch.Count);
                await Task.Delay(options.TroubleRest, time, abort);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What came of {Count} deliveries (the first: of subscription {Subscription}) cannot be written: several are tried one by one, one is sent again")]
    private partial void LogFailed(Exception exception, int count, Guid subscription);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What came of {Count} deliveries waits to be written: the store does not answer")]
    private partial void LogStoreTrouble(Exception exception, int count);
}
