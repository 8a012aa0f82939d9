using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace OcfCloud.DeviceGateway.Transport;

/// <summary>The bytes of one device's socket.</summary>
/// <param name="socket">Disposed with the stream.</param>
internal sealed class DeviceStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private ReadOnlyMemory<byte> _unread;

    /// <summary>Bytes that were read too early come again, before all others.</summary>
    public void Unread(ReadOnlyMemory<byte> bytes) => _unread = bytes;

    /// <summary>
    /// From now on what awaits a read or a write goes on at once on the thread that polls the sockets, not by way of the thread pool: routing is over sooner than it would
    /// be queued. Whoever is called from there neither blocks nor computes for long.
    /// </summary>
    /// <returns>False where the runtime cannot: then the pool serves, with the same result.</returns>
    public bool ServeWherePolled()
    {
        try
        {
            if (OperatingSystem.IsLinux()) SetPreferInlineCompletions(Socket.SafeHandle, true);
            return OperatingSystem.IsLinux();
        }
        catch (MissingMethodException)
        {
            return false;
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _unread.IsEmpty ? base.ReadAsync(buffer, cancellationToken) : ValueTask.FromResult(ReadAgain(buffer.Span));

    private int ReadAgain(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _unread.Length);
        _unread.Span[..count].CopyTo(buffer);
        _unread = count < _unread.Length ? _unread[count..] : default;
        return count;
    }

    // The runtime's switch for all sockets of a process (DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS) sets it too; others' continuations, which may block, are left alone here.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_PreferInlineCompletions")]
    private static extern void SetPreferInlineCompletions(SafeSocketHandle socket, bool value);
}
