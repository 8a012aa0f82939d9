using System.Formats.Cbor;
using System.Globalization;
using OcfCloud.Coap;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Refusals;
using OcfCloud.DeviceGateway.Metrics;
using OcfCloud.DeviceGateway.Resources;

namespace OcfCloud.DeviceGateway.Directory;

/// <summary><c>/oic/rd</c>: devices publish their links and take them back (device-to-cloud.md, 6; <c>oic.wk.rd</c>).</summary>
internal sealed class DirectoryResource(ResourceDirectory directory, GatewayMetrics metrics) : ICloudResource
{
    // Any value does: whoever asks has no other directory to choose.
    private const int BiasFactor = 0;

    // OCF-Content-Format-Version, which the connection adds where it was asked for: two bytes of head, two of extended number, two of value.
    private const int VersionOptionSize = 6;

    private static readonly ReadyAnswer Selector = new(CoapCode.Content, CoapContentFormat.OcfCbor, EncodeSelector().Encode());

    public bool Allows(CoapCode method) => method == CoapCode.Get || method == CoapCode.Post || method == CoapCode.Delete;

    public bool NeedsSession(CoapCode method) => true;

    public ReadyAnswer? Ready(CoapCode method) => method == CoapCode.Get ? Selector : null;

    public string? StepOf(CoapCode method) => method == CoapCode.Post ? RefusedStep.Publish : method == CoapCode.Delete ? RefusedStep.Unpublish : null;

    public async ValueTask<ResourceAnswer> HandleAsync(ICaller caller, CoapMessage request, CancellationToken cancellationToken)
    {
        var query = new RequestQuery(request);
        if (RequestChecks.BaselineOptions(request, query) is { } badOption) return badOption;
        if (request.Code == CoapCode.Get) return PayloadFormat.Answer(request, CoapCode.Content, EncodeSelector());
        return request.Code == CoapCode.Post
            ? await PublishAsync(caller, request, cancellationToken)
            : await UnpublishAsync(caller, query, cancellationToken);
    }

    private async ValueTask<ResourceAnswer> PublishAsync(ICaller caller, CoapMessage request, CancellationToken cancellationToken)
    {
        if (RequestChecks.Body(request, out var body) is { } badBody) return badBody;
        if (PublishRequest.Read(body) is not { } publish) return ResourceAnswer.Refuse(CoapCode.BadRequest, body.Problem!);
        if (caller.Session is not { } session || session.Device != publish.Device) return NotThisDevice();

        var outcome = await directory.PublishAsync(session.Device, session.User, publish.Links, publish.Lifetime, cancellationToken);
        switch (outcome.Refusal)
        {
            case PublishRefusal.UnknownDevice:
                return NotThisDevice(RefusalReason.NotRegistered);
            case PublishRefusal.TooManyLinks:
                metrics.Rejected(GatewayLimit.Links);
                return ResourceAnswer.Refuse(CoapCode.BadRequest, "\"links\" is too long: the device would have more links than it may have", new(RefusalReason.TooManyLinks));
        }
        caller.Published();

        // JSON that would lose a parameter is no reason to say nothing of what is stored.
        return PayloadFormat.TryAnswer(request, CoapCode.Changed, Encode(publish, outcome.Links, LinkWriter.WritePublished), out var answer)
            && answer.MaxSize + VersionOptionSize <= caller.MaxMessageSize
                ? answer
                : PayloadFormat.Answer(request, CoapCode.Changed, Encode(publish, outcome.Links, LinkWriter.WriteNumbered));
    }

    private async ValueTask<ResourceAnswer> UnpublishAsync(ICaller caller, RequestQuery query, CancellationToken cancellationToken)
    {
        var device = query.Device("di");
        var ins = new List<long>();
        foreach (var value in query.All("ins"))
        {
            // One that is not understood must not become "all of them".
            if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) ins.Add(number);
            else query.Report("ins", "no unsigned integer");
        }
        if (device is null) query.Report("di", "missing");
        if (query.Problem is { } problem) return ResourceAnswer.Refuse(CoapCode.BadRequest, problem);
        if (caller.Session is not { } session || session.Device != device) return NotThisDevice();

        return await directory.UnpublishAsync(session.Device, session.User, ins, cancellationToken) > 0
            ? CoapMessage.Response(CoapCode.Deleted)
            : ResourceAnswer.Refuse(CoapCode.NotFound, "no such link is published", new(RefusalReason.NothingPublished));
    }

    private static ResourceAnswer NotThisDevice(string reason = RefusalReason.NotThisDevice) =>
        ResourceAnswer.Refuse(CoapCode.Unauthorized, "\"di\" is not the device that is signed in here", new(reason));

    private static CborWriter EncodeSelector()
    {
        var writer = new CborWriter();
        writer.WriteStartMap(3);
        LinkWriter.WriteTexts(writer, "rt", ["oic.wk.rd"]);
        LinkWriter.WriteTexts(writer, "if", ["oic.if.baseline"]);
        writer.WriteTextString("sel");
        writer.WriteInt32(BiasFactor);
        writer.WriteEndMap();
        return writer;
    }

    private static CborWriter Encode(PublishRequest publish, IReadOnlyList<PublishedLink> links, Action<CborWriter, PublishedLink> writeLink)
    {
        var writer = LinkWriter.Create();
        writer.WriteStartMap(3);
        writer.WriteTextString("di");
        writer.WriteTextString(publish.Device.ToString());
        writer.WriteTextString("links");
        writer.WriteStartArray(links.Count);
        foreach (var link in links) writeLink(writer, link);
        writer.WriteEndArray();
        writer.WriteTextString("ttl");
        writer.WriteInt64(publish.Ttl);
        writer.WriteEndMap();
        return writer;
    }
}
