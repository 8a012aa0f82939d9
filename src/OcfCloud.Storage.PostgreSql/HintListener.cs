using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OcfCloud.Core.Events;

namespace OcfCloud.Storage.PostgreSql;

/// <summary>Hears the hints of the node that dispatches. What was said while the connection was lost is unknown: everything changed.</summary>
internal sealed partial class HintListener(
    PostgreSqlDialect dialect, ProcessIdentity process, Hints hints, OutboxOptions options, TimeProvider time, ILogger<HintListener> logger) : BackgroundService
{
    private static readonly TimeSpan ProbePeriod = TimeSpan.FromSeconds(10);

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
                hints.Publish(Hint.Everything);
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
        while (true)
        {
            // A peer that vanished says nothing: ask it now and then.
            if (!await connection.WaitAsync(ProbePeriod, cancellationToken)) await ExecuteAsync(connection, "SELECT 1", cancellationToken);
        }
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
