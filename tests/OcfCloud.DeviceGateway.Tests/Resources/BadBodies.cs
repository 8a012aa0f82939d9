using System.Text;

namespace OcfCloud.DeviceGateway.Tests.Resources;

/// <summary>Bodies that are no map at all, whatever the resource: each is 4.00.</summary>
internal static class BadBodies
{
    public static TheoryData<string> Names => [.. Bodies.Keys];

    // Heads are written out: 0xa0 a map, 0x80 an array, 0x60 a text, 0xbf and 0x9f the beginnings of indefinite ones, 0xff their end.
    private static readonly Dictionary<string, byte[]> Bodies = new(StringComparer.Ordinal)
    {
        ["nothing"] = [],
        ["an array"] = [0x80],
        ["a text"] = [0x61, 0x61],
        ["null"] = [0xf6],
        ["a map that is cut off"] = [0xa2, 0x62, (byte)'d', (byte)'i', 0x61],
        ["a map of 2^64 - 1 members"] = [0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ["a text of 2^63 bytes"] = [0xa1, 0x62, (byte)'d', (byte)'i', 0x7b, 0x80, 0, 0, 0, 0, 0, 0, 0],
        ["a map of indefinite length without its end"] = [0xbf, 0x62, (byte)'d', (byte)'i', 0x61, 0x61],
        ["a text of indefinite length without its end"] = [0xa1, 0x62, (byte)'d', (byte)'i', 0x7f, 0x61, 0x61],
        ["an end with no beginning"] = [0xff],
        ["a key twice"] = [0xa2, 0x62, (byte)'d', (byte)'i', 0x61, 0x61, 0x62, (byte)'d', (byte)'i', 0x61, 0x62],
        ["a key twice in different heads"] = [0xa2, 0x62, (byte)'d', (byte)'i', 0x00, 0x78, 0x02, (byte)'d', (byte)'i', 0x00],
        ["a key without a value in an indefinite map"] = [0xbf, 0x62, (byte)'d', (byte)'i', 0xff],
        ["two items"] = [0xa0, 0xa0],
        ["a reserved head"] = [0xa1, 0x62, (byte)'d', (byte)'i', 0x1c],
        ["a text that is no UTF-8"] = [0xa1, 0x62, (byte)'d', (byte)'i', 0x62, 0xc3, 0x28],
        ["arrays nested 1000 deep"] = [0xa1, 0x61, (byte)'x', .. Enumerable.Repeat((byte)0x81, 1000), 0x00],
        ["indefinite arrays nested without an end"] = [0xa1, 0x61, (byte)'x', .. Enumerable.Repeat((byte)0x9f, 1000)],
        ["tags nested 1000 deep"] = [0xa1, 0x61, (byte)'x', .. Enumerable.Repeat((byte)0xc1, 1000), 0x00],
        ["JSON"] = Encoding.UTF8.GetBytes("""{"di":"x"}"""),
    };

    public static byte[] Get(string name) => Bodies[name];

    /// <summary>The same for bodies in JSON.</summary>
    public static TheoryData<string> Json =>
    [
        "", "[]", "null", "{", """{"di":}""", """{"di":"a","di":"b"}""", "{} {}", """{"di":"\ud800"}""", "\u00a0{}",
        string.Concat(Enumerable.Repeat("""{"a":""", 100)) + "1" + new string('}', 100),
    ];
}
