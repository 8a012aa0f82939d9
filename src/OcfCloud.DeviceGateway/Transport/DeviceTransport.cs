using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace OcfCloud.DeviceGateway.Transport;

/// <summary>One accepted connection, as Kestrel's middleware knows it. Its bytes are read from <see cref="Bytes"/>.</summary>
internal sealed class DeviceTransport : ConnectionContext
{
    private static long _last;

    private readonly CancellationTokenSource _closed = new();
    private readonly Socket _socket;
    private IDuplexPipe? _pipes;
    private IDictionary<object, object?>? _items;
    private string? _id;

    private DeviceTransport(Socket socket, DeviceStream bytes)
    {
        _socket = socket;
        Bytes = bytes;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
    }

    /// <summary>What comes and goes, before TLS.</summary>
    public DeviceStream Bytes { get; }

    /// <inheritdoc/>
    public override string ConnectionId
    {
        get => _id ??= $"d{Interlocked.Increment(ref _last)}";
        set => _id = value;
    }

    /// <inheritdoc/>
    public override IFeatureCollection Features { get; } = new FeatureCollection();

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    /// <summary>For what reads ahead of TLS, and only until <see cref="EndPipes"/>.</summary>
    public override IDuplexPipe Transport
    {
        get => _pipes ??= new Pipes(PipeReader.Create(Bytes, new StreamPipeReaderOptions(leaveOpen: true)), PipeWriter.Create(Bytes, new StreamPipeWriterOptions(leaveOpen: true)));
        set => _pipes = value;
    }

    /// <summary>That of an accepted socket.</summary>
    /// <exception cref="SocketException">The peer has gone already.</exception>
    public static DeviceTransport Of(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            return new DeviceTransport(socket, new DeviceStream(socket));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Gives back to <see cref="Bytes"/> what the pipes hold.</summary>
    public void EndPipes()
    {
        if (_pipes is not { } pipes) return;
        _pipes = null;
        if (pipes.Input.TryRead(out var read))
        {
            Bytes.Unread(read.Buffer.ToArray());
            pipes.Input.AdvanceTo(read.Buffer.End);
        }

        pipes.Input.Complete();
        pipes.Output.Complete();
    }

    /// <summary>Sends no more and reads away what still comes: a peer whose bytes are left unread is reset, and may never read why.</summary>
    /// <param name="deadline">When the peer should have ended too.</param>
    public async Task LingerAsync(CancellationToken deadline)
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
            var away = new byte[512];
            while (await Bytes.ReadAsync(away, deadline) > 0)
            {
            }
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // It has ended, or had its time.
        }
    }

    /// <summary>Ends the connection at once; what the peer has not taken is dropped.</summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        _closed.Cancel();
        _socket.Close(0);
    }

    /// <summary>Ends it in order.</summary>
    public override async ValueTask DisposeAsync()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended.
        }

        await Bytes.DisposeAsync();
        await _closed.CancelAsync();
        await base.DisposeAsync();
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
