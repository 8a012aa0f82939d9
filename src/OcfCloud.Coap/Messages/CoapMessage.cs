using System.Text;

namespace OcfCloud.Coap;

/// <summary>A message that owns its bytes: for everything but the hot path.</summary>
/// <param name="code">Method, response or signaling code.</param>
public sealed class CoapMessage(CoapCode code)
{
    /// <summary>Method, response or signaling code.</summary>
    public CoapCode Code { get; } = code;

    /// <summary>The token.</summary>
    public CoapToken Token { get; set; }

    /// <summary>The options.</summary>
    public CoapOptions Options { get; } = new();

    /// <summary>The payload; empty: none.</summary>
    public ReadOnlyMemory<byte> Payload { get; set; }

    /// <summary>The path with its slashes, as <c>/oic/res</c>.</summary>
    public string Path => "/" + string.Join('/', Options.Texts(CoapOptionNumber.UriPath));

    /// <summary>The segments of the path.</summary>
    public IEnumerable<string> UriPath => Options.Texts(CoapOptionNumber.UriPath);

    /// <summary>The parts of the query, as <c>if=oic.if.a</c>.</summary>
    public IEnumerable<string> UriQuery => Options.Texts(CoapOptionNumber.UriQuery);

    /// <summary>The payload's format; null: not said.</summary>
    public int? ContentFormat => (int?)Options.UInt32(CoapOptionNumber.ContentFormat);

    /// <summary>The format asked for; null: any.</summary>
    public int? Accept => (int?)Options.UInt32(CoapOptionNumber.Accept);

    /// <summary>0 registers, 1 cancels; in a notification a sequence number (RFC 7641).</summary>
    public uint? Observe => Options.UInt32(CoapOptionNumber.Observe);

    /// <summary>Seconds that a response stays fresh.</summary>
    public uint? MaxAge => Options.UInt32(CoapOptionNumber.MaxAge);

    /// <summary>A block of a request's payload.</summary>
    public BlockOption? Block1 => BlockOption.TryParse(Options, CoapOptionNumber.Block1);

    /// <summary>A block of a response's payload.</summary>
    public BlockOption? Block2 => BlockOption.TryParse(Options, CoapOptionNumber.Block2);

    /// <summary>Whether a block option is there, readable or not.</summary>
    public bool IsBlockwise => Options.Contains(CoapOptionNumber.Block1) || Options.Contains(CoapOptionNumber.Block2);

    /// <summary>The payload as a text for people.</summary>
    public string Diagnostic => Encoding.UTF8.GetString(Payload.Span);

    /// <summary>Room that the message needs on the wire at most, in bytes.</summary>
    public int MaxSize
    {
        get
        {
            var bytes = 0;
            foreach (var option in Options)
                bytes += option.Value.Length;
            return CoapFrameWriter.MaxSize(Options.Count, bytes, Payload.Length);
        }
    }

    /// <summary>What the message takes on the wire, in bytes (RFC 8323, 3.2).</summary>
    public int Size => SizeWith(Token.Length);

    /// <summary>A request for a path with an optional query, as <c>/oic/res?rt=oic.r.light</c>; nothing in it is percent-encoded.</summary>
    public static CoapMessage Request(CoapCode method, string pathAndQuery)
    {
        var request = new CoapMessage(method);
        var question = pathAndQuery.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? pathAndQuery : pathAndQuery[..question];
        foreach (var segment in path.TrimStart('/').Split('/', StringSplitOptions.RemoveEmptyEntries))
            request.Options.Add(CoapOptionNumber.UriPath, segment);
        if (question >= 0)
        {
            foreach (var part in pathAndQuery[(question + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
                request.Options.Add(CoapOptionNumber.UriQuery, part);
        }

        return request;
    }

    /// <summary>A response.</summary>
    public static CoapMessage Response(CoapCode code) => new(code);

    /// <summary>A copy of a received frame.</summary>
    public static CoapMessage From(in CoapFrame frame)
    {
        var message = new CoapMessage(frame.Code) { Token = frame.Token, Payload = frame.Payload.ToArray() };
        var options = frame.ReadOptions();
        while (options.MoveNext())
            message.Options.Add(options.Current.Number, options.Current.Value.ToArray());
        return message;
    }

    /// <summary>Sets the payload and its format.</summary>
    public CoapMessage WithPayload(ReadOnlyMemory<byte> payload, int contentFormat)
    {
        Options.Remove(CoapOptionNumber.ContentFormat);
        Options.Add(CoapOptionNumber.ContentFormat, (uint)contentFormat);
        Payload = payload;
        return this;
    }

    /// <summary>Sets a diagnostic payload, which has no format (RFC 7252, 5.5.2).</summary>
    public CoapMessage WithDiagnostic(string text)
    {
        Payload = Encoding.UTF8.GetBytes(text);
        return this;
    }

    /// <summary>Adds an option.</summary>
    public CoapMessage WithOption(CoapOptionNumber number, uint value)
    {
        Options.Add(number, value);
        return this;
    }

    /// <summary>A copy with options of its own.</summary>
    public CoapMessage Copy() => CopyWhere(static _ => true);

    /// <summary>Writes the message at the start of a buffer of <see cref="MaxSize"/> bytes.</summary>
    /// <returns>Its size, in bytes.</returns>
    public int Write(Span<byte> buffer)
    {
        var writer = new CoapFrameWriter(buffer, Code, Token);
        foreach (var option in Options)
            writer.WriteOption(option.Key, option.Value.Span);
        writer.WritePayload(Payload.Span);
        return writer.Finish();
    }

    /// <summary>The message on the wire.</summary>
    public byte[] ToBytes()
    {
        var buffer = new byte[MaxSize];
        return buffer[..Write(buffer)];
    }

    /// <summary>What the message takes on the wire with a token of another length, in bytes.</summary>
    internal int SizeWith(int tokenLength)
    {
        var body = Payload.IsEmpty ? 0 : 1 + Payload.Length;
        var last = 0;
        foreach (var option in Options)
        {
            body += 1 + Extended(option.Key - last) + Extended(option.Value.Length) + option.Value.Length;
            last = option.Key;
        }

        return 2 + (body < 65_805 ? Extended(body) : 4) + tokenLength + body;

        static int Extended(int value) => value switch { < 13 => 0, < 269 => 1, _ => 2 };
    }

    internal CoapMessage CopyWhere(Func<int, bool> keeps)
    {
        var copy = new CoapMessage(Code) { Token = Token, Payload = Payload };
        foreach (var option in Options)
        {
            if (keeps(option.Key))
                copy.Options.Add(option.Key, option.Value);
        }

        return copy;
    }

    /// <inheritdoc/>
    public override string ToString() => Code.IsRequest ? $"{Code} {Path}" : $"{Code} {Payload.Length} bytes";
}
