using System.Text;
using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Discovery;
using OcfCloud.DeviceGateway.Resources;
using OcfCloud.DeviceGateway.Routing;

namespace OcfCloud.Fuzzing.Targets.Coap;

/// <summary>A request's, and an answer's, options: what the gateway takes from them and what it passes on. The first byte is the code, the rest follows the token.</summary>
internal sealed class OptionTarget : FuzzTarget
{
    internal const string Device = "6f0aae04-9b5c-4d2c-8f5e-0c7d1a2b3c4d";

    private static readonly DeviceId Asked = DeviceId.TryParse(Device, out var id) ? id : default;

    // The resources of the cloud, without what they work with: they are looked for, not asked.
    private static readonly CloudResources Resources = new(null!, null!, null!, null!, null!);

    public override string Name => "options";

    public override int MaxLength => 1024;

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            var observe = CoapMessage.Request(CoapCode.Get, $"/{Device}/light/1?if=oic.if.baseline");
            observe.WithOption(CoapOptionNumber.Observe, 0).WithOption(CoapOptionNumber.Accept, 10000).WithOption(CoapOptionNumber.OcfAcceptContentFormatVersion, 2048);
            yield return [CoapCode.Get.Value, .. Frames.BodyOf(observe)];
            var post = CoapMessage.Request(CoapCode.Post, $"/{Device}/light").WithPayload(new byte[] { 0xa1, 0x61, 0x76, 1 }, 60);
            yield return [CoapCode.Post.Value, .. Frames.BodyOf(post.WithOption(CoapOptionNumber.Block1, 14).WithOption(CoapOptionNumber.Size1, 1000))];
            yield return [CoapCode.Get.Value, .. Frames.BodyOf(CoapMessage.Request(CoapCode.Get, $"/oic/res?rt=oic.r.light&if=oic.if.ll&di={Device}"))];
            yield return [CoapCode.Delete.Value, .. Frames.BodyOf(CoapMessage.Request(CoapCode.Delete, $"/oic/rd?di={Device}&ins=1&ins=2"))];
            yield return [CoapCode.Get.Value, .. Frames.BodyOf(CoapMessage.Request(CoapCode.Get, $"/{Device}/oic/sec/doxm"))];
            var answer = CoapMessage.Response(CoapCode.Created).WithPayload(new byte[] { 0xa0 }, 10000);
            answer.Options.Add(CoapOptionNumber.LocationPath, "light");
            answer.Options.Add(CoapOptionNumber.ETag, new byte[8]);
            yield return [CoapCode.Created.Value, .. Frames.BodyOf(answer.WithOption(CoapOptionNumber.MaxAge, 5))];
        }
    }

    public override IEnumerable<byte[]> Words =>
    [
        [0xb3, .. "oic"u8], [0x03, .. "sec"u8], [0x03, .. "res"u8], [0x02, .. "rd"u8], [0x07, .. "account"u8], [0x01, (byte)'.'], [0x02, .. ".."u8], [0xb0], [0x00],
        [0xbd, 36 - 13, .. Encoding.ASCII.GetBytes(Device)], [0x0d, 36 - 13, .. Encoding.ASCII.GetBytes(Device)], [0x60], [0x61, 0], [0x61, 1],
        [0x12, 0x27, 0x10], [0x11, 60], [0x11, 50], [0x52, 0x27, 0x10], [0xd1, 10, 6], [0xd1, 14, 14], [0xd2, 22, 1, 2], [0xe2, 7, 0xf4, 8, 0],
        [.. "if=oic.if.create"u8], [.. "oic.if.baseline"u8], [.. "rt="u8], [.. "di="u8], [0xff], [0xd0, 0], [0xdd, 0, 0], [0xee, 0, 0, 0, 0], [0xc3, 0xa4], [0x7f], [0],
    ];

    public override void Run(ReadOnlyMemory<byte> input)
    {
        if (input.IsEmpty || CoapFrameReader.Read(Frames.Of(input.Span[0], input.Span[1..]), int.MaxValue, out var frame, out _) != CoapFrameStatus.Complete) return;
        var message = CoapMessage.From(frame);
        LookAtValues(frame, message);
        if (frame.Code.IsResponse)
        {
            LookAtAnswer(frame);
            return;
        }

        if (!frame.Code.IsRequest) return;
        _ = RequestTarget.Of(frame, Resources);
        LookAtChecks(message);
        if (PlainRequest.Is(frame, out _)) Invariant.Holds(RequestChecks.Options(message) is null, "a plain request has nothing to be refused for");
        LookAtRoute(frame, message);
    }

    private static void LookAtValues(in CoapFrame frame, CoapMessage message)
    {
        _ = (message.Path, message.Observe, message.MaxAge, message.Accept, message.ContentFormat, message.IsBlockwise, message.ToString());
        if (message.Block1 is { } block)
            Invariant.Holds(BlockOption.From(block.Value) == block && block.Number <= BlockOption.MaxNumber && block.Offset >= 0, "a block option is written as it was read");
        Invariant.Holds(Frames.AreSame(Frames.Written(message.ToBytes()), frame), "a message is written as it was read");
    }

    private static void LookAtChecks(CoapMessage message)
    {
        var query = new RequestQuery(message);
        _ = (query.Device("di"), query.User("uid"), query.Text("accesstoken"));
        if (RequestChecks.BaselineOptions(message, query) is { } refusal)
            Invariant.Holds(refusal.Message.Code.Value >> 5 is 4 or 5 && refusal.Message.Payload.Length <= 256, "a refusal is an error in few words");
        var discovery = DiscoveryRequest.Read(query);
        Invariant.Holds(discovery is not null || query.Problem is not null, "who is refused is told why");
        if (discovery is not null) Invariant.Holds(discovery.Filters.Rt.Count + discovery.Filters.If.Count + discovery.Filters.Di.Count <= 128, "filters are bounded");
    }

    private static void LookAtRoute(in CoapFrame frame, CoapMessage message)
    {
        if (!frame.TryFind(CoapOptionNumber.UriPath, out var first) || !DeviceId.TryParse(first.Value, out _)) return;
        var plan = ForwardPlan.Of(frame);
        Invariant.Holds((DeviceMessages.RefusalOf(message, out _) is null) == (plan.Kind != ForwardKind.Refused), "a whole message is judged as its frame is");
        if (plan.Kind == ForwardKind.Refused)
        {
            Invariant.Holds(plan.Diagnostic is not null && plan.Refusal.Value >> 5 is 4 or 5, "who is refused is told why");
            return;
        }

        Span<char> path = stackalloc char[ResourcePath.MaxInPlace];
        var whole = ResourcePath.Of(message);
        if (ResourcePath.TryJoin(frame.ReadOptions(), path, out var length))
            Invariant.Holds(path[..length].SequenceEqual(whole), "the path in place is the path of the message");
        Invariant.Holds(!IsSecurity(whole), "nothing gets to /oic/sec");

        var forwarded = Write(new ForwardedRequest(frame, CoapToken.FromUInt64(1)));
        var options = forwarded.ReadOptions();
        var segments = new StringBuilder();
        while (options.MoveNext())
        {
            var number = (CoapOptionNumber)options.Current.Number;
            if (number == CoapOptionNumber.UriPath) segments.Append('/').Append(Encoding.UTF8.GetString(options.Current.Value));
            Invariant.Holds(number is not (CoapOptionNumber.UriHost or CoapOptionNumber.UriPort or CoapOptionNumber.Observe or CoapOptionNumber.ProxyUri or CoapOptionNumber.ProxyScheme), "the device gets what it takes");
        }

        Invariant.Holds(segments.ToString() == whole && forwarded.Code == frame.Code && forwarded.Payload.SequenceEqual(frame.Payload), "the device gets the path behind its id, and the payload");
        var copy = DeviceMessages.ToDevice(message, message.Payload);
        Invariant.Holds(copy.Path == whole && copy.Payload.Span.SequenceEqual(frame.Payload), "a whole message goes to the same path");
    }

    private static void LookAtAnswer(in CoapFrame frame)
    {
        var plan = AnswerPlan.Of(frame);
        var forwarded = Write(new ForwardedAnswer(frame, CoapToken.FromUInt64(1), Asked, plan.Format == CoapContentFormat.OcfCbor));
        Invariant.Holds(forwarded.Code == frame.Code && forwarded.Payload.SequenceEqual(frame.Payload), "the asker gets the device's code and payload");
        if (forwarded.TryFind(CoapOptionNumber.LocationPath, out var location)) Invariant.Holds(location.Value.SequenceEqual(Encoding.ASCII.GetBytes(Device)), "a location begins with the device's id");
    }

    private static bool IsSecurity(string path) =>
        path.StartsWith("/oic/sec", StringComparison.OrdinalIgnoreCase) && (path.Length == "/oic/sec".Length || path["/oic/sec".Length] == '/');

    private static CoapFrame Write<T>(T source)
        where T : ICoapFrameSource, allows ref struct
    {
        var buffer = new byte[source.MaxSize];
        return Frames.Written(buffer.AsSpan(0, source.Write(buffer)));
    }
}
