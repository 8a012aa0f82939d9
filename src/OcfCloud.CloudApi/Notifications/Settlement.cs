using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudApi.Notifications;

/// <summary>Writes what came of deliveries, as many in one transaction as there are: while one is written, the next ones gather.</summary>
internal sealed partial class Settlement(DeliveryQueue queue, NotificationOptions options, TimeProvider time, ILogger<Settlement> logger)
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
            await SettleAsync(batch, abort);
            batch.Clear();
            settled();
        }
    }

    private async Task SettleAsync(List<DeliveryResult> batch, CancellationToken abort)
    {
        while (true)
        {
            try
            {
                await queue.SettleAsync(batch, abort);
                return;
            }
            catch (Exception e) when (!abort.IsCancellationRequested)
            {
                LogStoreTrouble(e, batch.Count);
                await Task.Delay(options.TroubleRest, time, abort);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What came of {Count} deliveries waits to be written: the store does not answer")]
    private partial void LogStoreTrouble(Exception exception, int count);
}
