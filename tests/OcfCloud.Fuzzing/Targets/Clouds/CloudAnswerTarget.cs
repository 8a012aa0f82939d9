using System.Text;
using OcfCloud.CloudLinking.EventReceiver;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.CloudLinking.RemoteRequests;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Payloads;
using OcfCloud.Core.Requests;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Fuzzing.Engine;
using OcfCloud.Fuzzing.Targets.Coap;
using OcfCloud.Fuzzing.Targets.Payloads;

namespace OcfCloud.Fuzzing.Targets.Clouds;

/// <summary>What another cloud answers, and the events that it sends. The first byte names what the rest is, its highest bit says CBOR instead of JSON.</summary>
internal sealed class CloudAnswerTarget : FuzzTarget
{
    private const int MaxLinks = 16;
    private const string Metadata = "https://cloud.example";

    private static readonly DeviceId Device = DeviceId.TryParse(OptionTarget.Device, out var id) ? id : default;
    private static readonly MirroredRequest Request = new(new MirroredDevice(default, Guid.Empty, Device, "n", [], true), DeviceMethod.Get, "/light");
    private static readonly int[] Statuses = [200, 201, 204, 304, 400, 404, 500, 503];

    public override string Name => "cloud-answers";

    public override Grain Grain => Grain.Json;

    public override int MaxLength => 1024;

    public override long AllocationPerByte => 1024;

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            const string Link = $$"""{"href":"/{{OptionTarget.Device}}/light","rt":["oic.r.light"],"if":["oic.if.a"],"p":{"bm":3},"title":"x"}""";
            const string Told = $$"""{"device":{"di":"{{OptionTarget.Device}}","n":"Lamp","rt":["oic.d.light"],"dmn":[]},"status":"online","links":[{{Link}}]}""";
            yield return Json(0, $"[{Told},{{}}]");
            yield return [0x80, .. CborWords.Of($"[{Told}]")];
            yield return Json(1, Told);
            yield return Json(2, $$"""[{"di":"{{OptionTarget.Device}}"},{"di":"x"}]""");
            yield return Json(3, $"[{Link}]");
            yield return [0x83, .. CborWords.Of($"[{Link}]")];
            yield return Json(4, $$"""{"href":"/{{OptionTarget.Device}}/light","rep":{"value":true},"rt":["x"]}""");
            yield return Json(5, "\0{\"value\":1}");
            yield return Json(5, "\u0004{\"title\":\"Bad\",\"detail\":\"words\"}");
            yield return Json(6, """{"access_token":"abc","token_type":"Bearer","refresh_token":"def","expires_in":3600,"scope":"r:* w:*"}""");
            yield return Json(7, """{"error":"invalid_grant"}""");
            yield return Json(8, """{"issuer":"https://cloud.example/","authorization_endpoint":"https://cloud.example/a","token_endpoint":"https://cloud.example/t","revocation_endpoint":"https://cloud.example/r","scopes_supported":["r:*"],"token_endpoint_auth_methods_supported":["client_secret_basic"],"authorization_response_iss_parameter_supported":true}""");
            yield return Json(9, $"https://cloud.example/api/v1/devices/{OptionTarget.Device}/light/%C3%A4?x");
        }
    }

    public override IEnumerable<byte[]> Words => [.. JsonWords.All, .. CborWords.All, .. JsonWords.Of("\"status\":\"offline\"", "\"links\":[]", "\"di\":\"", "\"\\ud800\":[]", "Bearer", "\"expires_in\":-1", "https://cloud.example", "%2F", "%", "%00")];

    public override void Run(ReadOnlyMemory<byte> input)
    {
        if (input.IsEmpty) return;
        var contentType = (input.Span[0] & 0x80) != 0 ? "application/vnd.ocf+cbor" : "application/json;charset=utf-8";
        var body = input[1..];
        switch ((input.Span[0] & 0x7f) % 10)
        {
            case 0:
                if (ToldDevices.TryReadList(contentType, body, new HashSet<DeviceId>(), 4, MaxLinks) is not { } told) break;
                Invariant.Holds(told.Devices.Count <= 4 && told.LeftOut >= 0, "devices are bounded");
                foreach (var one in told.Devices) LookAt(one);
                break;
            case 1:
                if (ToldDevices.TryReadOne(contentType, body, Device, MaxLinks) is { } device) LookAt(device);
                break;
            case 2:
                Hear(SubscriptionLevel.Devices, "devices_registered", contentType, body);
                break;
            case 3:
                Hear(SubscriptionLevel.Device, "resources_published", contentType, body);
                break;
            case 4:
                Hear(SubscriptionLevel.Resource, "resource_contentchanged", contentType, body);
                break;
            case 5 when body.Length > 0:
                Answer(body.Span[0], contentType, body[1..]);
                break;
            case 6:
                var (tokens, words) = TokenAnswer.Read(body);
                Invariant.Holds(tokens is null != words is null, "there are tokens, or why not");
                break;
            case 7:
                if (TokenErrors.CodeOf(body) is { } code) Invariant.Holds(code.Length <= 64 && TokenErrors.WordsOf(code).Length <= 256, "an error is short");
                break;
            case 8:
                var (metadata, wrong) = CloudMetadata.Read(body, Metadata);
                Invariant.Holds(metadata is null != wrong is null, "there is metadata, or why not");
                break;
            case 9:
                if (RemoteLocation.HrefOf(Device, Encoding.Latin1.GetString(body.Span)) is { } href) Invariant.Holds(href[0] == '/' && !href.Any(char.IsControl), "a location is a path");
                _ = RemoteETag.Of(Encoding.Latin1.GetString(body.Span));
                break;
        }
    }

    private static void Hear(SubscriptionLevel level, string eventType, string contentType, ReadOnlyMemory<byte> body)
    {
        if (!ToldEvent.IsWellFormed(level, level == SubscriptionLevel.Devices ? null : Device, eventType, contentType, body)) return;

        // Whatever was confirmed is worked on later: it must not fail then.
        var waiting = new WaitingEvent(
            new InboxEvent { EventType = eventType, ContentType = contentType, Body = body.ToArray() },
            new RemoteSubscription { Level = level, DeviceId = Device, Href = "/light", SigningSecret = [] });
        if (level == SubscriptionLevel.Devices) _ = waiting.Devices();
        if (level == SubscriptionLevel.Device)
        {
            LookAt(waiting.Links(Device, MaxLinks));
            _ = waiting.Hrefs(Device);
        }

        if (level != SubscriptionLevel.Resource) return;
        Invariant.Holds(ToldPayload.TryReduce(contentType, Device, body, out var format, out var value), "what was well-formed once is it again");
        foreach (var accept in new[] { RemoteFormats.Json, RemoteFormats.OcfCbor }) _ = RemoteAnswers.TryOfValue(value, format, accept);
    }

    private static void Answer(byte manner, string contentType, ReadOnlyMemory<byte> body)
    {
        var answer = new TargetAnswer(TargetOutcome.Answered) { Status = Statuses[manner % Statuses.Length], ContentType = contentType, Body = body, ETag = "\"ab\"" };
        var told = RemoteAnswers.Of(Request with { Accept = (manner & 16) == 0 ? RemoteFormats.OcfCbor : RemoteFormats.Json }, answer);
        Invariant.Holds(told.Code is >= 200 and < 600, "an answer has a code");
        if (told.ContentFormat == RemoteFormats.OcfCbor) Invariant.Holds(CborValidation.IsWellFormed(told.Payload.Span), "what is said to be CBOR is CBOR");
        if (told.Code >= 400) Invariant.Holds(told.Payload.Length <= 1024 && told.Diagnostic is { } said && !said.Any(char.IsControl), "words of strangers are few, in one line");
    }

    private static void LookAt(MirroredContent device)
    {
        Invariant.Holds(device.Name.Length is > 0 and <= MirroredContent.MaxNameLength && !device.Name.Any(char.IsControl), "a name can be stored");
        LookAt(device.Links);
    }

    private static void LookAt(IReadOnlyList<ResourceLink> links)
    {
        Invariant.Holds(links.Count <= MaxLinks, "links are bounded");
        foreach (var link in links)
        {
            var row = new LinkRow { DeviceId = Device, Ins = 1, Href = link.Href.Value, Rt = [], If = [] };
            row.Take(link);
            Invariant.Holds(row.ToLink().SaysTheSameAs(link), "what is stored is what was told");
        }
    }

    private static byte[] Json(byte kind, string json) => [kind, .. Encoding.UTF8.GetBytes(json)];
}
