using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OcfCloud.Host.Endpoints.Proxies;

/// <summary>
/// Gives connections of trusted proxies the addresses that the PROXY protocol announces, before anything counts, checks or logs them:
/// <code>
///   connection ─┬─ from a trusted proxy ─► its header is read ─┬─► the client's addresses ─► limits per address ─► TLS …
///               │                                              └─► none, wrong, or late: closed
///               └─ from anybody else ─► nothing is read: a header would be bad TLS
/// </code>
/// Whether a header comes is never guessed from the bytes: a proxy that sends none would pass on those that its clients make up (PROXY protocol, 2).
/// </summary>
/// <param name="proxies">Who is believed.</param>
/// <param name="timeout">For the whole header, from the connection's acceptance.</param>
/// <param name="mostWaiting">Connections of one endpoint that wait for their header at once; more are closed.</param>
/// <param name="time">What the timeout is measured by.</param>
/// <param name="logger">Tells an operator of a balancer that is set up otherwise.</param>
internal sealed partial class AnnouncedAddresses(TrustedProxies proxies, TimeSpan timeout, int mostWaiting, TimeProvider time, ILogger<AnnouncedAddresses> logger)
{
    private int _waiting;

    /// <summary>How many connections wait for their header.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public void Use(ListenOptions listen)
    {
        if (proxies.Any) listen.Use(next => connection => proxies.Include(connection.RemoteEndPoint) ? ReadAsync(connection, next) : next(connection));
    }

    private async Task ReadAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var reading = await TryReadAsync(connection);
        if (reading == ProxyHeaderReading.Complete)
        {
            await next(connection);
            return;
        }

        if (reading is { } wrong) LogRefused(AddressOf(connection), wrong);
        connection.Abort(new ConnectionAbortedException("No header of the PROXY protocol."));
    }

    /// <summary>Reads the header and sets the addresses.</summary>
    /// <returns>Null where nothing is wrong with the header: the connection ended without a byte (a balancer that looks whether somebody listens), or there are too many.</returns>
    private async Task<ProxyHeaderReading?> TryReadAsync(ConnectionContext connection)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        try
        {
            if (Interlocked.Increment(ref _waiting) <= mostWaiting) return await ReadHeaderAsync(connection, deadline.Token);
            LogFull(AddressOf(connection), mostWaiting);
            return null;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return ProxyHeaderReading.Incomplete;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The peer went, or the server stops.
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private static async Task<ProxyHeaderReading?> ReadHeaderAsync(ConnectionContext connection, CancellationToken deadline)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync(deadline);
            var reading = ProxyHeader.Read(read.Buffer, out var header, out var end);
            if (reading == ProxyHeaderReading.Incomplete)
            {
                var hasBegun = !read.Buffer.IsEmpty;
                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                if (read.IsCompleted || read.IsCanceled) return hasBegun ? reading : null;
                continue;
            }

            input.AdvanceTo(end);
            if (reading == ProxyHeaderReading.Complete && header is { Source: { } source, Destination: { } destination })
            {
                connection.RemoteEndPoint = source;
                connection.LocalEndPoint = destination;
            }

            return reading;
        }
    }

    private static IPAddress? AddressOf(ConnectionContext connection) => (connection.RemoteEndPoint as IPEndPoint)?.Address;

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection of the trusted proxy {Proxy} was closed, its header of the PROXY protocol (version 2) is {Reading}")]
    private partial void LogRefused(IPAddress? proxy, ProxyHeaderReading reading);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection of the trusted proxy {Proxy} was closed: {Most} others wait for their header of the PROXY protocol")]
    private partial void LogFull(IPAddress? proxy, int most);
}
