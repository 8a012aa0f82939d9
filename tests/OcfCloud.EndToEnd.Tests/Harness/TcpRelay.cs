using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OcfCloud.EndToEnd.Harness;

/// <summary>Stands between a cloud and its store on loopback, and can go away or be slow.</summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly EndPoint _target;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Task _accepting;
    private volatile bool _isCut;

    public TcpRelay(EndPoint target)
    {
        _target = target;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Endpoint = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    public IPEndPoint Endpoint { get; }

    /// <summary>What each piece of an answer waits before it goes on.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Resets every connection, and each new one at once.</summary>
    public void Cut()
    {
        _isCut = true;
        foreach (var (socket, _) in _open)
        {
            Reset(socket);
        }
    }

    public void Heal() => _isCut = false;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        Cut();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var from = await _listener.AcceptAsync(_end.Token);
            _ = RelayAsync(from);
        }
    }

    private async Task RelayAsync(Socket from)
    {
        using var to = new Socket(_target.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        _open.TryAdd(from, 0);
        try
        {
            if (!_isCut)
            {
                await to.ConnectAsync(_target, _end.Token);
                await Task.WhenAny(PumpAsync(from, to, delays: false), PumpAsync(to, from, delays: true)).Unwrap();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One of the two ended.
        }
        finally
        {
            _open.TryRemove(from, out _);
            Reset(from);
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool delays)
    {
        var buffer = new byte[65_536];
        while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var count)
        {
            if (delays && Delay > TimeSpan.Zero)
            {
                await Task.Delay(Delay, _end.Token);
            }

            await to.SendAsync(buffer.AsMemory(0, count), _end.Token);
        }
    }
}
