namespace OcfCloud.EndToEnd.Wire;

/// <summary>A CoAP message over TCP, read and written without the product's library: two ends that share a mistake would agree.</summary>
internal sealed record WireMessage(byte Code, byte[] Token, IReadOnlyList<WireOption> Options, byte[] Payload)
{
    public const byte Csm = 0xE1, Ping = 0xE2, Pong = 0xE3, Release = 0xE4, Abort = 0xE5;

    /// <summary>The code as the documents write it: <c>2.04</c>.</summary>
    public string CodeText => $"{Code >> 5}.{Code & 31:00}";

    public bool IsRequest => Code is > 0 and < 32;

    public bool IsSignal => Code >> 5 == 7;

    public string Path => "/" + string.Join('/', Options.Where(o => o.Number == WireOption.UriPath).Select(o => o.Text));

    public IEnumerable<string> Queries => Options.Where(o => o.Number == WireOption.UriQuery).Select(o => o.Text);

    public uint? Find(int number) => Options.FirstOrDefault(o => o.Number == number)?.Number32;

    /// <summary>The same with further options.</summary>
    public WireMessage With(params WireOption[] options) => this with { Options = [.. Options, .. options] };

    /// <summary>The same without the options of these numbers.</summary>
    public WireMessage Without(params int[] numbers) => this with { Options = [.. Options.Where(o => !numbers.Contains(o.Number))] };

    public static byte CodeOf(string code) => (byte)((code[0] - '0') << 5 | int.Parse(code.AsSpan(2)));

    public static byte MethodOf(string method) => method switch
    {
        "GET" => 1,
        "POST" => 2,
        "PUT" => 3,
        "DELETE" => 4,
        "FETCH" => 5,
        "PATCH" => 6,
        "iPATCH" => 7,
        _ => byte.Parse(method),
    };
}
