using System.Collections;
using System.Text;

namespace OcfCloud.Coap;

/// <summary>The options of a message of its own, kept in the order of their numbers, those of one number in the order they were added.</summary>
public sealed class CoapOptions : IEnumerable<KeyValuePair<int, ReadOnlyMemory<byte>>>
{
    private readonly List<KeyValuePair<int, ReadOnlyMemory<byte>>> _options = [];

    /// <summary>How many there are.</summary>
    public int Count => _options.Count;

    /// <summary>Adds an option.</summary>
    public void Add(int number, ReadOnlyMemory<byte> value)
    {
        var index = _options.Count;
        while (index > 0 && _options[index - 1].Key > number)
            index--;
        _options.Insert(index, KeyValuePair.Create(number, value));
    }

    /// <summary>Adds an option.</summary>
    public void Add(CoapOptionNumber number, ReadOnlyMemory<byte> value) => Add((int)number, value);

    /// <summary>Adds an option with an unsigned integer.</summary>
    public void Add(int number, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        Add(number, bytes[..CoapUInt.Write(value, bytes)].ToArray());
    }

    /// <summary>Adds an option with an unsigned integer.</summary>
    public void Add(CoapOptionNumber number, uint value) => Add((int)number, value);

    /// <summary>Adds an option with a text.</summary>
    public void Add(CoapOptionNumber number, string value) => Add((int)number, Encoding.UTF8.GetBytes(value));

    /// <summary>Takes all options of a number away.</summary>
    public void Remove(CoapOptionNumber number) => _options.RemoveAll(o => o.Key == (int)number);

    /// <summary>Whether there is an option of this number.</summary>
    public bool Contains(CoapOptionNumber number) => _options.Exists(o => o.Key == (int)number);

    /// <summary>The values of one number.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> All(CoapOptionNumber number) => _options.Where(o => o.Key == (int)number).Select(o => o.Value);

    /// <summary>The values of one number as texts.</summary>
    public IEnumerable<string> Texts(CoapOptionNumber number) => All(number).Select(v => Encoding.UTF8.GetString(v.Span));

    /// <summary>The first value of a number as an unsigned integer; null: not there, or no such integer.</summary>
    public uint? UInt32(CoapOptionNumber number)
    {
        foreach (var option in _options)
        {
            if (option.Key == (int)number)
                return CoapUInt.TryRead(option.Value.Span, out var value) ? value : null;
        }

        return null;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<int, ReadOnlyMemory<byte>>> GetEnumerator() => _options.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
