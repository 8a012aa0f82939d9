using System.Text;
using System.Text.Json;
using OcfCloud.CloudApi.Representations;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Payloads;
using OcfCloud.DeviceGateway.Routing;
using OcfCloud.Fuzzing.Engine;
using OcfCloud.Fuzzing.Targets.Coap;

namespace OcfCloud.Fuzzing.Targets.Payloads;

/// <summary>A payload in JSON, of a client or of another cloud's device, on its way to CBOR.</summary>
internal sealed class JsonTarget : FuzzTarget
{
    private static readonly DeviceId Device = DeviceId.TryParse(OptionTarget.Device, out var id) ? id : default;

    public override string Name => "json";

    public override Grain Grain => Grain.Json;

    public override int MaxLength => 1024;

    public override long AllocationPerByte => 1024;

    public override IEnumerable<byte[]> Seeds =>
    [
        Encoding.UTF8.GetBytes($$"""{"href":"/{{OptionTarget.Device}}/light","rt":["oic.r.light"],"rep":{"value":true,"level":-0.5e3,"n":"caf\u00e9 \ud83d\ude00"} }"""),
        "[1,-1,0,18446744073709551615,-18446744073709551616,1.0,-0,1e308,null,true,false,\"\"]"u8.ToArray(),
        "{\"a\":{\"b\":[[[{}]]]},\"href\":\"/a\",\"rt\":1}"u8.ToArray(),
    ];

    public override IEnumerable<byte[]> Words => JsonWords.All;

    public override void Run(ReadOnlyMemory<byte> input)
    {
        // What is no JSON is refused by an exception of the library's, which costs more than all else: each way is asked once.
        var isCbor = PayloadConversion.TryToCbor(input.Span, out var cbor);
        var isJson = DeviceHrefs.TryAddToJson(Device, input, out var added);
        Invariant.Holds(isJson || !isCbor, "what has a form in CBOR is JSON");
        if (isCbor) LookAtCbor(input, cbor!);
        if (isJson) LookAtHrefs(input, added!);
    }

    private static void LookAtCbor(ReadOnlyMemory<byte> input, byte[] cbor)
    {
        Invariant.Holds(CborValidation.IsWellFormed(cbor), "what is written is well-formed");
        Invariant.Holds(PayloadConversion.TryToJson(cbor, out var json) && PayloadConversion.TryToCbor(json, out var again) && again.AsSpan().SequenceEqual(cbor), "there and back is the same");
        Invariant.Holds(cbor.Length <= (9 * input.Length) + 9, "no item is longer than nine times what says it");
        Invariant.Holds(FormatConversion.TryToDevice(input, Representation.JsonFormat, out _), "a device gets what has a form in CBOR");
        Invariant.Holds(Representation.TryToDevice(Device, input, BodyFormat.Json, out var payload) && CborValidation.IsWellFormed(payload.Span), "by HTTPS too");
    }

    private static void LookAtHrefs(ReadOnlyMemory<byte> input, byte[] added)
    {
        using var document = JsonDocument.Parse(added, new JsonDocumentOptions { AllowDuplicateProperties = false });
        Invariant.Holds(DeviceHrefs.TryAddToJson(Device, added, out var twice) && twice.AsSpan().SequenceEqual(added), "the id of the device is added once");
        Invariant.Holds(DeviceHrefs.TryRemoveFromJson(Device, input, out _), "what is JSON is JSON both ways");
        _ = Representation.TryToBody(Device, input, Representation.JsonFormat, BodyFormat.OcfCbor, out _);
    }
}
