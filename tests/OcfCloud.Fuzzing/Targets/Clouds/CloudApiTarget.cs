using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using OcfCloud.CloudApi.Devices;
using OcfCloud.CloudApi.Mediator;
using OcfCloud.CloudApi.Representations;
using OcfCloud.CloudApi.Subscriptions;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Outbound;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Fuzzing.Engine;
using OcfCloud.Fuzzing.Targets.Coap;
using OcfCloud.Fuzzing.Targets.Payloads;
using OcfCloud.Identity.Http;

namespace OcfCloud.Fuzzing.Targets.Clouds;

/// <summary>What peer clouds and apps ask of the APIs: bodies, paths and headers. The first byte names what the rest is.</summary>
internal sealed class CloudApiTarget : FuzzTarget
{
    private static readonly DeviceId Device = DeviceId.TryParse(OptionTarget.Device, out var id) ? id : default;

    // Every name has a public address: nobody is asked.
    private readonly OutboundGuard _guard = new(new OutboundOptions(), StillTime.Instance, static (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("93.184.216.34")]));

    public override string Name => "cloud-api";

    public override Grain Grain => Grain.Json;

    public override int MaxLength => 1024;

    public override long AllocationPerByte => 512;

    public override IEnumerable<byte[]> Seeds =>
    [
        [0, .. """{"eventsUrl":"https://peer.example/events/1","eventTypes":["devices_registered","devices_online"],"signingSecret":"0123456789abcdef0123456789abcdef"}"""u8],
        [1, .. """{"eventsUrl":"https://1.1.1.1/e","eventTypes":["resources_published"],"signingSecret":"0123456789abcdef0123456789abcde\u00e9"}"""u8],
        [2, .. """{"eventsUrl":"https://[2606:4700::1]/e","eventTypes":["resource_contentchanged"],"signingSecret":"0123456789abcdef0123456789abcde\ud83d\ude00"}"""u8],
        [3, .. Encoding.UTF8.GetBytes($$"""[{"subject":"*","device":"{{OptionTarget.Device}}","href":"/light*","allow":["retrieve","notify"]},{"subject":"app","device":"*","href":"*","allow":[]}]""")],
        [4, .. Encoding.UTF8.GetBytes($"/api/v1/devices/{OptionTarget.Device}/light/%C3%A4?if=oic.if.baseline&a=%25")],
        [4, .. Encoding.UTF8.GetBytes($"/api/v1/devices/{OptionTarget.Device}/a%2Fb/subscriptions/1")],
        [5, .. Encoding.UTF8.GetBytes($"https://host/api/v1/devices/{OptionTarget.Device}/light/subscriptions")],
        [5, .. "/api/v1/devices/subscriptions/"u8],
        [6, .. "application/vnd.ocf+cbor;q=0.8, application/json;q=0.9, */*;q=0.1"u8],
    ];

    public override IEnumerable<byte[]> Words =>
    [
        .. JsonWords.All,
        .. JsonWords.Of(
            "https://", "http://", "@", "#", "[::ffff:7f00:1]", "127.1", "0x7f000001", "localhost", "\"eventTypes\":[\"devices_offline\"]", "\"signingSecret\":\"", "\"allow\":[\"create\",\"update\",\"delete\"]", "*", "subscriptions",
            "/api/v1/devices/", "%2F", "%00", "%c3%a4", "%ff", "%", "..", "//", "?", "&", ";q=", "q=0.001", "application/json", "application/vnd.ocf+cbor", "*/*", "charset=\"", "\"", "content=all"),
    ];

    public override void Run(ReadOnlyMemory<byte> input)
    {
        if (input.IsEmpty) return;
        var rest = input[1..];
        var kind = input.Span[0] % 7;
        switch (kind)
        {
            case < 3:
                var (subscription, problem) = Invariant.Finished(SubscriptionRequest.ReadAsync(Requests.Of(rest), (SubscriptionLevel)(kind + 1), _guard));
                Invariant.Holds(subscription is null != problem is null, "there is a subscription, or why not");
                if (subscription is null) break;
                Invariant.Holds(subscription.Kinds.Count > 0 && subscription.SigningSecret.Length is >= 32 and <= 64, "a subscription is whole");
                Invariant.Holds(subscription.EventsUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase) && !subscription.EventsUrl.Any(char.IsControl), "a URL is one as it is written, and can be stored");
                break;
            case 3:
                ReadRules(rest);
                break;
            case < 6:
                ReadPath(Encoding.Latin1.GetString(rest.Span), kind == 4 ? "GET" : "POST");
                break;
            default:
                var header = Encoding.Latin1.GetString(rest.Span);
                _ = MediaTypes.TryNegotiate(header, out _);
                _ = MediaTypes.TryRead(header, out _);
                break;
        }
    }

    private static void ReadRules(ReadOnlyMemory<byte> body)
    {
        var (json, problem) = Invariant.Finished(JsonBody.ReadAsync(Requests.Of(body)));
        if (problem is not null || json is not { ValueKind: JsonValueKind.Array } rules) return;
        foreach (var element in rules.EnumerateArray())
        {
            var isRule = AccessRules.TryRead(element, out var rule, out var refusal);
            Invariant.Holds(isRule == rule is not null && isRule == refusal is null, "there is a rule, or why not");
            if (rule is not null) Invariant.Holds(rule.Href.Length <= 256 && rule.Subject.Length <= 256 && (rule.Href[0] == '/' || rule.Href == "*"), "a rule is bounded");
        }
    }

    private static void ReadPath(string target, string method)
    {
        // A server takes visible ASCII in a target.
        if (!target.All(character => character is > ' ' and <= '~')) return;
        var request = Requests.Of(default, method: method);
        request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget = target;
        if (SubscriptionPath.TryRead(request, out var path) && path.TryGetTargets(out var targets))
            Invariant.Holds(targets.Count <= 2 && targets.All(one => one.Href is null or { Length: > 0 and <= 219 }), "a path names at most two resources");
        if (!ResourceTarget.TryRead(request, Device, out var resource, out var refusal))
        {
            Invariant.Holds(refusal is not null, "who is refused is told why");
            return;
        }

        Invariant.Holds(resource.Device == Device && resource.EncodedHref[0] == '/' && resource.Href is null or ['/', ..], "a resource has a path");
        Invariant.Holds(resource.Href is null || resource.Href.Count(character => character == '/') == resource.EncodedHref.Count(character => character == '/'), "no segment becomes two");
    }
}
