using System.Text;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.BadInput;

/// <summary>Makes the wrong bodies out of a good one: every member missing, of every wrong type, too long; and bytes that are no CBOR.</summary>
internal static class WrongBodies
{
    private static readonly (string Name, object? Value)[] Types =
    [
        ("null", null), ("an integer", 7), ("a negative integer", -7), ("a number with a fraction", 1.5), ("true", true), ("a text", "text"),
        ("bytes", new byte[] { 1, 2 }), ("an empty array", Array.Empty<object?>()), ("an array of integers", new[] { 1 }), ("a map", new Dictionary<string, object?>()),
    ];

    private static readonly string[] NoUuids =
    [
        "", " ", "nonsense", "0b6f0ed63a024a4ca5e33bd8e71f12b5", "{0b6f0ed6-3a02-4a4c-a5e3-3bd8e71f12b5}", "(0b6f0ed6-3a02-4a4c-a5e3-3bd8e71f12b5)",
        "0b6f0ed6-3a02-4a4c-a5e3-3bd8e71f12b5 ", " 0b6f0ed6-3a02-4a4c-a5e3-3bd8e71f12b5", "0b6f0ed6-3a02-4a4c-a5e3-3bd8e71f12b", "0b6f0ed6-3a02-4a4c-a5e3-3bd8e71f12b5a",
        "0b6f0ed6-3a02-4a4c-a5e3-3bd8e71f12bg", "uuid:0b6f0ed6-3a02-4a4c-a5e3-3bd8e71f12b5", "{0x0b6f0ed6,0x3a02,0x4a4c,{0xa5,0xe3,0x3b,0xd8,0xe7,0x1f,0x12,0xb5}}",
    ];

    /// <summary>A member that has to be there: missing, and of the types that are not its own.</summary>
    public static IEnumerable<WrongBody> OfMember(Dictionary<string, object?> good, string member, params string[] right) =>
        [new($"{member} is missing", Without(good, member)), .. OfOptionalMember(good, member, right)];

    /// <summary>A member that may be there: of the types that are not its own.</summary>
    public static IEnumerable<WrongBody> OfOptionalMember(Dictionary<string, object?> good, string member, params string[] right) =>
        Types.Where(type => !right.Contains(type.Name)).Select(type => new WrongBody($"{member} is {type.Name}", With(good, member, type.Value)));

    /// <summary>A UUID that is none.</summary>
    public static IEnumerable<WrongBody> OfUuid(Dictionary<string, object?> good, string member) =>
    [
        .. OfMember(good, member, "a text"),
        .. NoUuids.Select(text => new WrongBody($"{member} is \"{text}\"", With(good, member, text))),
        new($"{member} is endless", With(good, member, new string('a', 100_000))),
    ];

    /// <summary>A value in place of a member's.</summary>
    public static byte[] With(Dictionary<string, object?> good, string member, object? value) =>
        Cbor.Encode(new Dictionary<string, object?>(good) { [member] = value });

    public static byte[] Without(Dictionary<string, object?> good, string member) =>
        Cbor.Encode(good.Where(m => m.Key != member).ToDictionary(m => m.Key, m => m.Value));

    /// <summary>What is no CBOR, no single map, or says a thing twice; and the same in JSON.</summary>
    public static IEnumerable<WrongBody> OfEncoding(Dictionary<string, object?> good)
    {
        var bytes = Cbor.Encode(good);
        // A map of less than 24 members: its head is one byte.
        var members = bytes[1..];
        WrongBody Member(string what, params byte[] value) => new(what, [0xBF, .. members, 0x61, (byte)'x', .. value, 0xFF]);
        byte[] first = [.. Text(good.Keys.First()), 0x01];
        return
        [
            new("nothing", []),
            new("the last byte is missing", bytes[..^1]),
            new("one half", bytes[..(bytes.Length / 2)]),
            new("a byte behind", [.. bytes, 0x00]),
            new("two maps", [.. bytes, .. bytes]),
            new("an array around it", [0x81, .. bytes]),
            new("a text", [0x61, 0x61]),
            new("a break alone", [0xFF]),
            new("a map without an end", [0xBF, .. members]),
            new("a map of more members than there are", [(byte)(bytes[0] + 1), .. members]),
            new("a map of 2^64 - 1 members", [0xBB, .. Enumerable.Repeat((byte)0xFF, 8), .. members]),
            new("a key without a value", [0xBF, .. members, 0x61, (byte)'x', 0xFF]),
            new("a key twice", [0xBF, .. members, .. first, 0xFF]),
            new("a key twice, written in another way", [0xBF, .. members, 0x78, .. first[0..1].Select(b => (byte)(b - 0x60)), .. first[1..], 0xFF]),
            Member("arrays 10,000 deep", [.. Enumerable.Repeat((byte)0x81, 10_000), 0x00]),
            Member("arrays 100,000 deep without an end", [.. Enumerable.Repeat((byte)0x9F, 100_000)]),
            Member("maps 10,000 deep", [.. Enumerable.Repeat<byte[]>([0xA1, 0x61, 0x61], 10_000).SelectMany(b => b), 0x00]),
            Member("tags 10,000 deep", [.. Enumerable.Repeat((byte)0xC6, 10_000), 0x00]),
            Member("an array without an end", 0x9F, 0x01),
            Member("a text without an end", 0x7F, 0x61, 0x61),
            Member("a text in pieces of bytes", 0x7F, 0x41, 0x61, 0xFF),
            Member("a text that is no UTF-8", 0x62, 0xC3, 0x28),
            Member("a text longer than the message", 0x7B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF),
            Member("bytes longer than the message", 0x5A, 0xFF, 0xFF, 0xFF, 0xFF),
            Member("a reserved length", 0x1C),
            Member("a number without an end", 0x1F),
            Member("a simple value that is not to be written so", 0xF8, 0x10),
            new("JSON that is cut off", "{"u8.ToArray(), Format: 50),
            new("JSON that is no object", "[]"u8.ToArray(), Format: 50),
            new("JSON that is null", "null"u8.ToArray(), Format: 50),
            new("JSON with a key twice", Encoding.UTF8.GetBytes($$"""{"{{good.Keys.First()}}": 1, "{{good.Keys.First()}}": 2}"""), Format: 50),
            new("JSON that is no UTF-8", [(byte)'"', 0xC3, 0x28, (byte)'"'], Format: 50),
            new("JSON arrays 10,000 deep", Encoding.UTF8.GetBytes($$"""{"x": {{new string('[', 10_000)}}{{new string(']', 10_000)}}}"""), Format: 50),
            new("CBOR that says it is JSON", bytes, Format: 50),
            new("JSON that says it is CBOR", "{}"u8.ToArray(), Format: 60),
        ];
    }

    private static byte[] Text(string text) => [(byte)(0x60 + text.Length), .. Encoding.ASCII.GetBytes(text)];
}
