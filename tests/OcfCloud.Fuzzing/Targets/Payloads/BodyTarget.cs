using System.Net;
using System.Text;
using Microsoft.Extensions.Options;
using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway;
using OcfCloud.DeviceGateway.Account;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Directory;
using OcfCloud.DeviceGateway.Metrics;
using OcfCloud.DeviceGateway.Resources;
using OcfCloud.DeviceGateway.Session;
using OcfCloud.DeviceGateway.TokenRefresh;
using OcfCloud.Fuzzing.Targets.Coap;

namespace OcfCloud.Fuzzing.Targets.Payloads;

/// <summary>
/// The cloud's own resources asked by somebody who may act for no device: a request is read to its end, and refused before the store is asked. The first byte names the
/// resource and the method, the rest follows the token.
/// </summary>
internal sealed class BodyTarget : FuzzTarget
{
    private static readonly GatewayMetrics Metrics = new(new QuietMeters());
    private static readonly IOptions<DeviceGatewayOptions> Settings = Options.Create(new DeviceGatewayOptions());
    private static readonly FailedAttempts Attempts = new(Settings, Metrics, StillTime.Instance);

    private static readonly (ICloudResource Resource, CoapCode Method)[] Doors =
    [
        (new AccountResource(null!, Attempts, Metrics, Settings), CoapCode.Post),
        (new AccountResource(null!, Attempts, Metrics, Settings), CoapCode.Delete),
        (new SessionResource(null!, Attempts, null!, Metrics, StillTime.Instance), CoapCode.Post),
        (new TokenRefreshResource(null!, Attempts, Metrics, Settings), CoapCode.Post),
        (new DirectoryResource(null!, Metrics), CoapCode.Post),
        (new DirectoryResource(null!, Metrics), CoapCode.Delete),
        (new DirectoryResource(null!, Metrics), CoapCode.Get),
    ];

    private static readonly Stranger Caller = new();

    public override string Name => "bodies";

    public override int MaxLength => 1024;

    public override long AllocationPerByte => 512;

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            const string Ids = $$""" "di":"{{OptionTarget.Device}}","uid":"{{OptionTarget.Device}}" """;
            yield return Seed(0, $$"""{"di":"{{OptionTarget.Device}}","accesstoken":"abc","authprovider":"ocfcloud"}""");
            yield return Seed(2, $$"""{ {{Ids}},"accesstoken":"abc","login":true}""");
            yield return Seed(3, $$"""{ {{Ids}},"refreshtoken":"abc","granttype":"refresh_token"}""");
            yield return Seed(4, $$"""{"di":"{{OptionTarget.Device}}","links":[{"href":"/light","rt":["oic.r.light"],"if":["oic.if.a"],"p":{"bm":3},"ins":7}],"ttl":86400}""");
            yield return [1, .. Frames.BodyOf(CoapMessage.Request(CoapCode.Delete, $"/oic/sec/account?di={OptionTarget.Device}&accesstoken=abc&uid={OptionTarget.Device}"))];
            yield return [5, .. Frames.BodyOf(CoapMessage.Request(CoapCode.Delete, $"/oic/rd?di={OptionTarget.Device}&ins=1"))];
            yield return [6, .. Frames.BodyOf(CoapMessage.Request(CoapCode.Get, "/oic/rd?if=oic.if.baseline").WithOption(CoapOptionNumber.Accept, 50))];
            yield return [2, .. Frames.BodyOf(CoapMessage.Request(CoapCode.Post, "/oic/sec/session").WithPayload(Encoding.UTF8.GetBytes($$"""{ {{Ids}},"accesstoken":"abc","login":false}"""), 50))];
        }
    }

    public override IEnumerable<byte[]> Words => [.. CborWords.All, [0xc1, 60], [0xc1, 50], [0xc2, 0x27, 0x10], [0x51, 50], [0xff], [0x12, 0x27, 0x10], .. JsonWords.Of("{\"di\":\"", "\"accesstoken\":\"\"", "\"login\":true", "\"ttl\":-1")];

    public override void Run(ReadOnlyMemory<byte> input)
    {
        if (input.IsEmpty) return;
        var (resource, method) = Doors[input.Span[0] % Doors.Length];
        if (CoapFrameReader.Read(Frames.Of(method.Value, input.Span[1..]), int.MaxValue, out var frame, out _) != CoapFrameStatus.Complete) return;
        var answer = Invariant.Finished(resource.HandleAsync(Caller, CoapMessage.From(frame), CancellationToken.None)).Message;
        if (method == CoapCode.Get && answer.Code.IsSuccess) return;
        Invariant.Holds(
            answer.Code == CoapCode.BadRequest || answer.Code == CoapCode.Unauthorized || answer.Code == CoapCode.BadOption || answer.Code == CoapCode.NotAcceptable
            || answer.Code == CoapCode.UnsupportedContentFormat || answer.Code == CoapCode.ProxyingNotSupported,
            "a stranger is refused with one of the documented codes");
        Invariant.Holds(answer.Payload.Length is > 0 and <= 256, "who is refused is told why in few words");
    }

    private static byte[] Seed(byte door, string json) =>
        [door, .. Frames.BodyOf(CoapMessage.Request(CoapCode.Post, "/oic/sec/account").WithPayload(CborWords.Of(json), CoapContentFormat.OcfCbor))];

    private sealed class Stranger : ICaller
    {
        public DeviceSession? Session => null;

        public IPAddress Network => IPAddress.Loopback;

        public string LocalEndpoint => "coaps+tcp://127.0.0.1:5684";

        public int MaxMessageSize => 1152;

        public CancellationToken Ended => CancellationToken.None;

        public bool MayActFor(DeviceId device) => false;

        public bool MayActFor(UserId user) => false;

        public void Bind(UserId user, DeviceId device) => throw Unexpected();

        public bool BeginSession(UserId user, DeviceId device, SignInOutcome signIn) => throw Unexpected();

        public void EndSession() => throw Unexpected();

        public void ExtendSession(DateTimeOffset? expires) => throw Unexpected();

        public NotifyOutcome TryNotify(CoapMessage notification, CoapMessage request) => throw Unexpected();

        public bool TryAddObservation(CoapToken token, IDisposable observation) => throw Unexpected();

        public bool RemoveObservation(CoapToken token) => throw Unexpected();

        public void ForgetObservation(CoapToken token, IDisposable observation) => throw Unexpected();

        public void Published() => throw Unexpected();

        private static InvariantBrokenException Unexpected() => new("nothing is done for a stranger");
    }
}
