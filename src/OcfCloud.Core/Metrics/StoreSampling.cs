using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Metrics;

/// <summary>Reads the figures that only the store knows, every <see cref="MetricsOptions.SamplePeriod"/>. What cannot be read keeps its last value.</summary>
internal sealed partial class StoreSampling(
    Store store, IEnumerable<IStoreSample> samples, IEnumerable<IRoomMetrics> rooms, MetricsOptions options, TimeProvider time, ILogger<StoreSampling> logger) : BackgroundService
{
    // Being asked for is what makes them.
    private readonly IRoomMetrics[] _rooms = [.. rooms];

    /// <summary>Reads all once.</summary>
    internal async Task SampleAsync(CancellationToken cancellationToken)
    {
        foreach (var sample in samples)
        {
            try
            {
                await store.ReadAsync(
                    async (context, token) =>
                    {
                        await sample.ReadAsync(context, token);
                        return true;
                    },
                    cancellationToken);
            }
            catch (StoreUnavailableException)
            {
                // Whoever has work with it says so.
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(e, sample.GetType().Name);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        LogRooms(_rooms.Length);
        using var timer = new PeriodicTimer(options.SamplePeriod, time);
        do
        {
            await SampleAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Rooms} rooms are measured")]
    private partial void LogRooms(int rooms);

    [LoggerMessage(Level = LogLevel.Error, Message = "The figures of {Sample} cannot be read")]
    private partial void LogFailed(Exception exception, string sample);
}
