using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OcfCloud.DeviceGateway.Metrics;
using OcfCloud.DeviceGateway.Tls;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>All connections of this node: what has to be done from time to time, when the trust in certificates changes, and when the process stops.</summary>
internal sealed partial class LiveConnections(
    DeviceTls tls, LiveSessions sessions, GatewayMetrics metrics, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<LiveConnections> logger) : BackgroundService
{
    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<DeviceConnection, byte> _connections = new();

    /// <summary>How many there are.</summary>
    public int Count => _connections.Count;

    /// <summary>Takes a connection in.</summary>
    /// <returns>False: its certificate is no longer trusted, or the process stops.</returns>
    public bool TryEnter(DeviceConnection connection)
    {
        _connections.TryAdd(connection, 0);
        // Either may have come while the handshake ran.
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return false;
        return connection.Certificate is not { } certificate || tls.IsStillTrusted(certificate);
    }

    /// <summary>A connection ended.</summary>
    public void Leave(DeviceConnection connection) => _connections.TryRemove(connection, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.Watch(
            () => Count, () => sessions.Count, () => _connections.Sum(static one => (long)one.Key.Coap.Requests.InFlight), () => _connections.Sum(static one => (long)one.Key.Coap.PendingBytes));
        tls.TrustChanged += CloseUntrusted;
        await using var stopping = lifetime.ApplicationStopping.UnsafeRegister(static all => ((LiveConnections)all!).DrainAll(), this);
        using var timer = new PeriodicTimer(TickPeriod, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var now = time.GetUtcNow();
                foreach (var (connection, _) in _connections)
                    Tick(connection, now);
            }
        }
        finally
        {
            tls.TrustChanged -= CloseUntrusted;
        }
    }

    private void Tick(DeviceConnection connection, DateTimeOffset now)
    {
        try
        {
            connection.Tick(now);
        }
        catch (Exception e)
        {
            // One connection's trouble is not the others', and still less the end of the process.
            LogTickFailed(e);
        }
    }

    private void CloseUntrusted(object? sender, EventArgs e)
    {
        foreach (var (connection, _) in _connections)
        {
            if (connection.Certificate is { } certificate && !tls.IsStillTrusted(certificate))
                connection.CloseReleased();
        }
    }

    private void DrainAll()
    {
        foreach (var (connection, _) in _connections)
            connection.Drain();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A connection could not be looked after")]
    private partial void LogTickFailed(Exception exception);
}
