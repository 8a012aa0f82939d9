using System.IO.Pipelines;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace OcfCloud.Onvif.Tests.Uplink.Support;

/// <summary>Gives Kestrel connections that were dialled, not accepted: so it serves HTTP/2 on them.</summary>
internal sealed class ReverseListener : IConnectionListenerFactory, IConnectionListener
{
    private readonly Channel<ConnectionContext> _connections = Channel.CreateUnbounded<ConnectionContext>();

    public EndPoint EndPoint { get; private set; } = new IPEndPoint(IPAddress.None, 0);

    /// <summary>Serves a stream until it ends.</summary>
    public void Serve(Stream stream) => _connections.Writer.TryWrite(new Dialled(stream));

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        EndPoint = endpoint;
        return new ValueTask<IConnectionListener>(this);
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _connections.Reader.WaitToReadAsync(cancellationToken) && _connections.Reader.TryRead(out var connection) ? connection : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _connections.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    private sealed class Dialled : DefaultConnectionContext
    {
        private readonly Stream _stream;

        public Dialled(Stream stream)
            : base(Guid.NewGuid().ToString("N")) => (_stream, Transport) = (stream, new Duplex(stream));

        // Its own Abort cancels a source that its own disposal may have disposed of meanwhile.
        public override void Abort(ConnectionAbortedException abortReason) => _ = _stream.DisposeAsync().AsTask();

        // Kestrel may be done as soon as it has read GOAWAY: a camera closes its connection then, and nobody reads the end that the cloud would have sent.
        public override async ValueTask DisposeAsync()
        {
            await _stream.DisposeAsync();
            await base.DisposeAsync();
        }
    }

    private sealed class Duplex(Stream stream) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }
}
