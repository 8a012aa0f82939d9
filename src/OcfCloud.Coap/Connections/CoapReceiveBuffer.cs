using System.Buffers;

namespace OcfCloud.Coap;

/// <summary>
/// The bytes that came and are not handled yet. It owns memory only while a message is half read, and grows with what really came: a head that announces a
/// large message costs nothing.
/// </summary>
internal sealed class CoapReceiveBuffer
{
    private const int FirstSize = 8192;

    private byte[]? _buffer;
    private int _filled;
    private int _needed;

    public bool IsEmpty => _filled == 0;

    public ReadOnlySpan<byte> Filled => _buffer.AsSpan(0, _filled);

    /// <summary>Room to read into, one byte at least.</summary>
    public Memory<byte> Free()
    {
        _buffer ??= ArrayPool<byte>.Shared.Rent(FirstSize);
        if (_filled == _buffer.Length)
        {
            // The size of the message was bounded before.
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_filled + 1, Math.Min(_needed, _filled * 2)));
            Filled.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsMemory(_filled);
    }

    public void Received(int count) => _filled += count;

    /// <summary>Drops what was handled; the rest is the beginning of a message.</summary>
    /// <param name="count">Bytes handled.</param>
    /// <param name="needed">Size of the message that began, as far as it is known.</param>
    public void Consume(int count, int needed)
    {
        if (count == _filled)
        {
            Release();
            return;
        }

        _needed = needed;
        if (count == 0)
            return;
        _buffer.AsSpan(count, _filled - count).CopyTo(_buffer);
        _filled -= count;
    }

    /// <summary>Gives the memory back; not while a read may still be using it.</summary>
    public void Release()
    {
        if (_buffer is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
        (_buffer, _filled) = (null, 0);
    }
}
