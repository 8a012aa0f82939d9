using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;

namespace OcfCloud.Fuzzing.Engine;

/// <summary>The input that is being run, in a file that outlives the process: of a crash nothing else is left.</summary>
internal sealed class CurrentInput : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte[] _record;

    public CurrentInput(string path, int maxLength)
    {
        _record = new byte[sizeof(int) + maxLength];
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, mapName: null, _record.Length);
        _view = _file.CreateViewAccessor();
    }

    public void Set(ReadOnlySpan<byte> input)
    {
        var record = _record.AsSpan(0, sizeof(int) + input.Length);
        BinaryPrimitives.WriteInt32LittleEndian(record, input.Length);
        input.CopyTo(record[sizeof(int)..]);
        _view.SafeMemoryMappedViewHandle.WriteSpan<byte>(0, record);
    }

    /// <summary>What such a file holds; null: nothing that was run.</summary>
    public static byte[]? Read(string path)
    {
        if (!File.Exists(path) || File.ReadAllBytes(path) is not { Length: > sizeof(int) } record) return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(record);
        return length >= 0 && length <= record.Length - sizeof(int) ? record[sizeof(int)..(sizeof(int) + length)] : null;
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
