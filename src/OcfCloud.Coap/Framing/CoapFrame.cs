namespace OcfCloud.Coap;

/// <summary>A whole message in the buffer it was read into (RFC 8323, 3.2); valid as long as that buffer is.</summary>
public readonly ref struct CoapFrame
{
    internal CoapFrame(CoapCode code, CoapToken token, ReadOnlySpan<byte> options, int optionCount, ReadOnlySpan<byte> payload, int length)
    {
        Code = code;
        Token = token;
        Options = options;
        OptionCount = optionCount;
        Payload = payload;
        Length = length;
    }

    /// <summary>Method, response or signaling code.</summary>
    public CoapCode Code { get; }

    /// <summary>The token.</summary>
    public CoapToken Token { get; }

    /// <summary>The encoded options, well-formed.</summary>
    public ReadOnlySpan<byte> Options { get; }

    /// <summary>How many options there are.</summary>
    public int OptionCount { get; }

    /// <summary>The payload without its marker; empty: none.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>The size of the whole message on the wire, in bytes.</summary>
    public int Length { get; }

    /// <summary>Walks the options.</summary>
    public CoapOptionReader ReadOptions() => new(Options);

    /// <summary>The first option of a number.</summary>
    public bool TryFind(CoapOptionNumber number, out CoapOption option)
    {
        var options = ReadOptions();
        while (options.MoveNext())
        {
            option = options.Current;
            if (option.Number == (int)number)
                return true;
        }

        option = default;
        return false;
    }
}
