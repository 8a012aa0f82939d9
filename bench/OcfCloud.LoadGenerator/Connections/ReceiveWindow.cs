namespace OcfCloud.LoadGenerator.Connections;

/// <summary>What came and is not handled yet: one buffer that the frames are parsed in.</summary>
internal sealed class ReceiveWindow(int size)
{
    private byte[] _buffer = new byte[size];
    private int _start;
    private int _end;

    /// <summary>The bytes that came.</summary>
    public ReadOnlySpan<byte> Filled => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Room to read into, one byte at least.</summary>
    public Memory<byte> Free()
    {
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
        }
        else if (_end == _buffer.Length)
        {
            if (_start == 0)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }
            else
            {
                Filled.CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
            }
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>So many bytes were read into <see cref="Free"/>.</summary>
    public void Received(int count) => _end += count;

    /// <summary>So many bytes are handled.</summary>
    public void Consume(int count) => _start += count;
}
