using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace OcfCloud.LoadGenerator.Connections;

/// <summary>Counts what comes, to tell a resumed handshake, which carries no certificate, from a full one.</summary>
internal sealed class CountingStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    /// <summary>Bytes that came so far, by the only way in which <c>SslStream</c> reads asynchronously.</summary>
    public long Received { get; private set; }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await base.ReadAsync(buffer, cancellationToken);
        Received += count;
        return count;
    }
}
