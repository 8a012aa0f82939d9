using System.Formats.Cbor;
using System.Text.Json;
using OcfCloud.CloudApi.Representations;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Payloads;
using OcfCloud.DeviceGateway.Twins;
using OcfCloud.Fuzzing.Targets.Coap;

namespace OcfCloud.Fuzzing.Targets.Payloads;

/// <summary>A payload of a device or client: whether it is CBOR, what is in it, and the same as JSON.</summary>
internal sealed class CborTarget : FuzzTarget
{
    private static readonly DeviceId Device = DeviceId.TryParse(OptionTarget.Device, out var id) ? id : default;

    private static readonly string[] Names = ["di", "href", "rt", "if", "p", "ttl", "login", "links", "rep", "n"];

    public override string Name => "cbor";

    public override int MaxLength => 1024;

    // Of a dozen ways to read it: an empty map is a byte, and read an object with a table; a short href is written with the id of the device in front.
    public override long AllocationPerByte => 2048;

    public override IEnumerable<byte[]> Seeds =>
    [
        CborWords.Of("""{"rt":["oic.r.switch.binary"],"if":["oic.if.a"],"value":true,"n":"lamp","level":0.5,"big":18446744073709551615,"neg":-18446744073709551616}"""),
        CborWords.Of("""[{"href":"/light","rt":["oic.r.light"],"if":["oic.if.a","oic.if.b"],"p":{"bm":3},"eps":[{"ep":"coaps+tcp://[::1]:5684"}]},{"href":"/oic/res","rt":["oic.wk.res"],"if":["oic.if.ll","oic.if.b"],"p":{"bm":3}}]"""),
        CborWords.Of($$"""[{"href":"/{{OptionTarget.Device}}/light","rep":{"value":false} },{"href":"ocf://{{OptionTarget.Device}}/oic/d","rep":{"n":"x","dmn":[{"language":"en","value":"Acme"}]} }]"""),
        [0xbf, 0x61, (byte)'a', 0x9f, 1, 0x20, 0xf9, 0x3c, 0, 0xff, 0x61, (byte)'b', 0x7f, 0x61, (byte)'x', 0x60, 0xff, 0x61, (byte)'c', 0x5f, 0x41, 1, 0xff, 0xff],
        [0xa3, 1, 2, 0xd6, 0x42, 1, 2, 0xf6, 0xc2, 0x41, 1, 0xf7],
        [.. Enumerable.Repeat((byte)0x81, 32), 0],
        [.. Enumerable.Repeat((byte)0x81, 33), 0],

        // No UTF-8, in one piece and in two; a key twice, by heads of two lengths too; more items than there are bytes.
        [0x62, 0xc3, 0x28],
        [0x7f, 0x61, 0xc3, 0x61, 0xa4, 0xff],
        [0xa2, 0x61, (byte)'a', 1, 0x61, (byte)'a', 2],
        [0xa2, 0x61, (byte)'a', 1, 0x78, 1, (byte)'a', 2],
        [0x9b, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    ];

    public override IEnumerable<byte[]> Words => CborWords.All;

    public override void Run(ReadOnlyMemory<byte> input)
    {
        var isWellFormed = CborValidation.IsWellFormed(input.Span);
        var isMap = CborMap.TryRead(input, out var map);
        var areMaps = CborMap.TryReadAll(input, out var maps);
        Invariant.Holds(isWellFormed || (!isMap && !areMaps), "what is not well-formed is not read");
        if (isMap) LookAt(map!);
        if (areMaps) Invariant.Holds(maps!.Count <= input.Length, "every map has a byte");
        _ = BatchRepresentation.IsOffered(input, Device);
        foreach (var (href, representation) in BatchRepresentation.Read(input, Device))
            Invariant.Holds(href.Length <= input.Length && CborValidation.IsWellFormed(representation.Span), "a representation in a batch is one");
        LookAtHrefs(input, isWellFormed);
        LookAtJson(input, isWellFormed);
        if (isWellFormed) ReadByLibrary(input);
    }

    private static void LookAt(CborMap map)
    {
        foreach (var name in Names)
        {
            _ = map.Text(name, out _);
            _ = map.Integer(name, out _);
            _ = map.Boolean(name, out _);
            _ = map.Map(name, out _);
            _ = map.Maps(name, out _);
            _ = map.Texts(name, out _);
        }

        foreach (var (_, value) in map.Members) Invariant.Holds(CborValidation.IsWellFormed(value.Span), "a member's value is one item");
    }

    private static void LookAtHrefs(ReadOnlyMemory<byte> input, bool isWellFormed)
    {
        var isAdded = DeviceHrefs.TryAddToCbor(Device, input, out var added);
        var isRemoved = DeviceHrefs.TryRemoveFromCbor(Device, input, out var removed);
        Invariant.Holds(isAdded == isWellFormed && isRemoved == isWellFormed, "hrefs are changed in what is well-formed");
        if (!isWellFormed) return;
        Invariant.Holds(CborValidation.IsWellFormed(added.Span) && CborValidation.IsWellFormed(removed.Span), "what hrefs were changed in is well-formed");
        Invariant.Holds(DeviceHrefs.TryAddToCbor(Device, added, out var twice) && twice.Span.SequenceEqual(added.Span), "the id of the device is added once");
        Invariant.Holds(Representation.TryToBody(Device, input, null, BodyFormat.Json, out var body) && IsJson(body), "a representation has a form in JSON");
    }

    private static void LookAtJson(ReadOnlyMemory<byte> input, bool isWellFormed)
    {
        var isLossy = PayloadConversion.TryToJsonWithLoss(input.Span, out var lossy);
        Invariant.Holds(isLossy == isWellFormed && (!isLossy || IsJson(lossy)), "what is well-formed has a form in JSON");
        if (!PayloadConversion.TryToJson(input.Span, out var json)) return;
        Invariant.Holds(isWellFormed && json.AsSpan().SequenceEqual(lossy), "where nothing is lost both ways are one");
        Invariant.Holds(PayloadConversion.TryToCbor(json, out var cbor) && PayloadConversion.TryToJson(cbor, out var again) && again.AsSpan().SequenceEqual(json), "there and back is the same");
    }

    private static bool IsJson(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = CborValidation.DefaultMaxDepth + 1, AllowDuplicateProperties = false });
        return document.RootElement.ValueKind != JsonValueKind.Undefined;
    }

    // Another reader, which is strict, reads it too.
    private static void ReadByLibrary(ReadOnlyMemory<byte> input)
    {
        var reader = new CborReader(input, CborConformanceMode.Strict);
        reader.SkipValue();
        Invariant.Holds(reader.BytesRemaining == 0, "there is one item");
    }
}
