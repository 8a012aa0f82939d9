using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OcfCloud.Core.Events;

namespace OcfCloud.Storage.PostgreSql;

/// <summary>
/// Hears the hints of the node that dispatches. What was said while the connection was lost is unknown: everything changed, as soon as it hears again. Until then
/// what is known here goes on being used, so that what needs no store outlives an outage; once it lasts for <see cref="OutboxOptions.TrustWithoutHints"/>, no more.
/// </summary>
internal sealed partial class HintListener(
    PostgreSqlDialect dialect, ProcessIdentity process, Hints hints, OutboxOptions options, TimeProvider time, ILogger<HintListener> logger) : BackgroundService
{
    private static readonly TimeSpan ProbePeriod = TimeSpan.FromSeconds(10);

    private long _heard = time.GetTimestamp();
    private bool _trusted = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogLost(e);
                DistrustWhatIsOld();
                await Task.Delay(options.RetryPeriod, time, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dialect.DataSource.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notification) => Receive(notification.Payload);
        await ExecuteAsync(connection, $"LISTEN {HintCodec.Channel}", cancellationToken);
        hints.Publish(Hint.Everything);
        _trusted = true;
        while (true)
        {
            _heard = time.GetTimestamp();
            // A peer that vanished says nothing: ask it now and then.
            if (!await connection.WaitAsync(ProbePeriod, cancellationToken)) await ExecuteAsync(connection, "SELECT 1", cancellationToken);
        }
    }

    // Once an outage: it empties caches that only the store can fill.
    private void DistrustWhatIsOld()
    {
        if (!_trusted || time.GetElapsedTime(_heard) < options.TrustWithoutHints) return;
        _trusted = false;
        LogDistrusted(options.TrustWithoutHints);
        hints.Publish(Hint.Everything);
    }

    private void Receive(string payload)
    {
        var (sender, received) = HintCodec.Decode(payload);
        if (sender == process.Id) return;
        foreach (var hint in received) hints.Publish(hint);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
