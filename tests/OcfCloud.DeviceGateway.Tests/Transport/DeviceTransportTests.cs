using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.DeviceGateway.Transport;

namespace OcfCloud.DeviceGateway.Tests.Transport;

/// <summary>Connections as the device door takes them from the system.</summary>
public sealed class DeviceTransportTests : IAsyncDisposable
{
    private readonly Socket _listening = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _peer = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly DeviceListener _listener;

    public DeviceTransportTests()
    {
        _listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listening.Listen();
        _listener = new DeviceListener(new DeviceEndPoint(_listening), new FakeTimeProvider());
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_read_ahead_of_TLS_comes_again_before_what_follows()
    {
        await using var connection = await AcceptAsync();
        await _peer.SendAsync("header+begin"u8.ToArray(), Cancelled);
        var read = await connection.Transport.Input.ReadAtLeastAsync(12, Cancelled);
        connection.Transport.Input.AdvanceTo(read.Buffer.GetPosition(7));
        connection.EndPipes();
        await _peer.SendAsync("+end"u8.ToArray(), Cancelled);

        Assert.Equal(0, await connection.Bytes.ReadAsync(Memory<byte>.Empty, Cancelled));
        var bytes = new byte[9];
        await connection.Bytes.ReadExactlyAsync(bytes.AsMemory(0, 2), Cancelled);
        await connection.Bytes.ReadExactlyAsync(bytes.AsMemory(2), Cancelled);
        Assert.Equal("begin+end"u8.ToArray(), bytes);
    }

    [Fact]
    public async Task What_awaits_a_device_s_bytes_goes_on_on_the_thread_that_polls()
    {
        await using var connection = await AcceptAsync();
        Assert.Equal((false, true), await WaitAsync());

        // The runtime's own way, which no contract promises: without it all works, and costs more.
        Assert.True(connection.Bytes.ServeWherePolled());
        Assert.Equal((true, false), await WaitAsync());

        async Task<(bool IsPolling, bool IsPool)> WaitAsync()
        {
            var read = ReadAsync();
            Assert.False(read.IsCompleted);
            await _peer.SendAsync("x"u8.ToArray(), Cancelled);
            return await read;
        }

        async Task<(bool IsPolling, bool IsPool)> ReadAsync()
        {
            await connection.Bytes.ReadAsync(new byte[1], Cancelled).ConfigureAwait(false);
            return (Thread.CurrentThread.Name == ".NET Sockets", Thread.CurrentThread.IsThreadPoolThread);
        }
    }

    [Fact]
    public async Task An_end_in_order_lets_the_peer_read_all_of_it()
    {
        var connection = await AcceptAsync();
        await connection.Bytes.WriteAsync("last words"u8.ToArray(), Cancelled);
        await connection.DisposeAsync();

        using var reader = new StreamReader(new NetworkStream(_peer));
        Assert.Equal("last words", await reader.ReadToEndAsync(Cancelled));
        Assert.True(connection.ConnectionClosed.IsCancellationRequested);
    }

    [Fact]
    public async Task A_peer_reads_why_it_is_sent_away_though_it_still_sends()
    {
        var connection = await AcceptAsync();
        await connection.Bytes.WriteAsync("not you"u8.ToArray(), Cancelled);
        var lingering = connection.LingerAsync(Cancelled);

        // More than the system keeps for a connection.
        var more = new byte[16 << 20];
        for (var sent = 0; sent < more.Length;) sent += await _peer.SendAsync(more.AsMemory(sent), Cancelled).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
        _peer.Shutdown(SocketShutdown.Send);
        await lingering.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
        await connection.DisposeAsync();

        var told = new byte[20];
        var count = await _peer.ReceiveAsync(told, Cancelled);
        Assert.Equal("not you"u8.ToArray(), told[..count]);
        Assert.Equal(0, await _peer.ReceiveAsync(told, Cancelled));
    }

    [Fact]
    public async Task A_peer_that_does_not_end_is_waited_for_until_its_deadline()
    {
        await using var connection = await AcceptAsync();
        using var deadline = new CancellationTokenSource();
        var lingering = connection.LingerAsync(deadline.Token);
        Assert.False(lingering.IsCompleted);

        await deadline.CancelAsync();

        await lingering.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
    }

    [Fact]
    public async Task An_abort_ends_what_waits_for_the_peer()
    {
        await using var connection = await AcceptAsync();
        var read = connection.Bytes.ReadAsync(new byte[1], Cancelled).AsTask();

        connection.Abort(new ConnectionAbortedException("test"));

        await Assert.ThrowsAnyAsync<Exception>(() => read.WaitAsync(TimeSpan.FromSeconds(20), Cancelled));
        var end = await Assert.ThrowsAsync<SocketException>(async () => await _peer.ReceiveAsync(new byte[1], Cancelled));
        Assert.Equal(SocketError.ConnectionReset, end.SocketErrorCode);
        Assert.True(connection.ConnectionClosed.IsCancellationRequested);
    }

    [Fact]
    public async Task A_listener_that_is_unbound_accepts_no_more()
    {
        var accepting = _listener.AcceptAsync(Cancelled).AsTask();
        await _listener.UnbindAsync(Cancelled);

        Assert.Null(await accepting.WaitAsync(TimeSpan.FromSeconds(20), Cancelled));
    }

    public async ValueTask DisposeAsync()
    {
        _peer.Dispose();
        await _listener.DisposeAsync();
    }

    private async Task<DeviceTransport> AcceptAsync()
    {
        await _peer.ConnectAsync(_listening.LocalEndPoint!, Cancelled);
        return Assert.IsType<DeviceTransport>(await _listener.AcceptAsync(Cancelled));
    }
}
