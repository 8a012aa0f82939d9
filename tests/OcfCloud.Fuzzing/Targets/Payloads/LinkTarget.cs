using System.Formats.Cbor;
using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Payloads;
using OcfCloud.DeviceGateway.Directory;
using OcfCloud.DeviceGateway.Resources;
using OcfCloud.Fuzzing.Targets.Coap;

namespace OcfCloud.Fuzzing.Targets.Payloads;

/// <summary>What a device publishes: read, stored, told to subscribers, and written into answers.</summary>
internal sealed class LinkTarget : FuzzTarget
{
    private static readonly DeviceId Device = DeviceId.TryParse(OptionTarget.Device, out var id) ? id : default;

    public override string Name => "links";

    public override int MaxLength => 2048;

    public override long AllocationPerByte => 1024;

    public override IEnumerable<byte[]> Seeds =>
    [
        Publish("""{"href":"/light","rt":["oic.r.light"],"if":["oic.if.a"],"p":{"bm":3},"ins":7,"title":"Lamp","eps":[{"ep":"coap://[fe80::1]:5683","pri":1}],"type":["application/cbor"]}"""),
        Publish("""{"href":"/a","rt":["x.a","x.b"],"if":["oic.if.s","oic.if.baseline"],"tag-pos-rel":[0.1,0.2,0.3],"x":{"y":[1,{"z":null}]}},{"href":"/b","rt":["x"],"if":["oic.if.rw"],"p":{"bm":1}}"""),
        Publish("""{"href":"/light?x","rt":[],"if":["oic.if.a"]}"""),
        Publish("""{"href":"/light","rt":["oic.r.light"],"if":["oic.if.a"],"p":{"bm":256}}"""),
    ];

    public override IEnumerable<byte[]> Words => CborWords.All;

    public override void Run(ReadOnlyMemory<byte> input)
    {
        var request = new CoapMessage(CoapCode.Post).WithPayload(input, CoapContentFormat.OcfCbor);
        if (RequestChecks.Body(request, out var body) is not null) return;
        var publish = PublishRequest.Read(body);
        Invariant.Holds(publish is null == body.Problem is not null, "who is refused is told why");
        if (publish is null) return;
        Invariant.Holds(publish.Links.Count > 0 && publish.Lifetime is null or { Ticks: > 0 }, "links are published, for ever or for a time");
        var rows = new List<LinkRow>();
        foreach (var link in publish.Links)
        {
            LookAtBounds(link);
            LookAtAnswers(link);
            rows.Add(Stored(link, rows.Count + 1));
        }

        var told = LinkEventPayload.Decode(LinkEventPayload.Encode(rows));
        Invariant.Holds(told.Count == rows.Count && told.Zip(publish.Links).All(pair => pair.First.SaysTheSameAs(pair.Second)), "subscribers are told what was published");
    }

    private static void LookAtBounds(ResourceLink link)
    {
        Invariant.Holds(link.Href.Value.StartsWith('/') && link.Href.Value.Length <= ResourceHref.MaxLength, "an href is a path");
        Invariant.Holds(link.Rt.Count is > 0 and <= ResourceLink.MaxValues && link.If.Count is > 0 and <= ResourceLink.MaxValues, "values are few");
        Invariant.Holds(link.Rt.Concat(link.If).All(value => value.Length is > 0 and <= ResourceLink.MaxValueLength), "values are short");
        Invariant.Holds(link.Parameters.Count <= ResourceLink.MaxParameters && link.Parameters.Sum(p => p.Value.Length) <= ResourceLink.MaxParameterBytes, "parameters are bounded");
        Invariant.Holds(link.Parameters.All(p => CborValidation.IsWellFormed(p.Value.Span)), "parameters are CBOR");
    }

    private static LinkRow Stored(ResourceLink link, int ins)
    {
        var row = new LinkRow { DeviceId = Device, Ins = ins, Href = link.Href.Value, Rt = [], If = [] };
        row.Take(link);
        Invariant.Holds(row.ToLink().SaysTheSameAs(link), "what is stored is what was published");
        return row;
    }

    private static void LookAtAnswers(ResourceLink link)
    {
        var published = new PublishedLink(Device, 1, link);
        Action<CborWriter>[] answers =
        [
            writer => LinkWriter.WritePublished(writer, published),
            writer => LinkWriter.WriteNumbered(writer, published),
            writer => LinkWriter.WriteDiscovered(writer, published, "coaps+tcp://127.0.0.1:5684"),
        ];
        foreach (var write in answers)
        {
            var writer = LinkWriter.Create();
            write(writer);

            // Deeper by one than what came, where a parameter was as deep as it may be.
            Invariant.Holds(CborValidation.IsWellFormed(writer.Encode(), CborValidation.DefaultMaxDepth + 1), "an answer is well-formed");
        }
    }

    private static byte[] Publish(string links) => CborWords.Of($$"""{"di":"{{OptionTarget.Device}}","links":[{{links}}],"ttl":86400}""");
}
