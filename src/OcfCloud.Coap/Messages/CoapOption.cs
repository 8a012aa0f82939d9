namespace OcfCloud.Coap;

/// <summary>One option of a frame, its value still in the frame's bytes.</summary>
public readonly ref struct CoapOption
{
    /// <summary>An option with a value.</summary>
    public CoapOption(int number, ReadOnlySpan<byte> value)
    {
        Number = number;
        Value = value;
    }

    /// <summary>0 to 65535.</summary>
    public int Number { get; }

    /// <summary>The value's bytes.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Who does not know it must refuse the message (RFC 7252, 5.4.1).</summary>
    public bool IsCritical => (Number & 1) == 1;

    /// <summary>Reads an unsigned integer (RFC 7252, 3.2); false for more than 4 significant bytes.</summary>
    public bool TryGetUInt32(out uint value) => CoapUInt.TryRead(Value, out value);
}
