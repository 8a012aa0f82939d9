using System.Net;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.Onvif.Metrics;
using OcfCloud.Onvif.Soap;
using OcfCloud.Onvif.Uplink;

namespace OcfCloud.Onvif.Tests.Soap;

/// <summary>A call over an uplink: how it goes out, and every way in which it ends.</summary>
public sealed class CameraCallTests : IDisposable
{
    private const string Good =
        "<tds:GetDeviceInformationResponse><tds:Manufacturer>Acme</tds:Manufacturer><tds:Model>m</tds:Model><tds:FirmwareVersion>1</tds:FirmwareVersion><tds:SerialNumber>s</tds:SerialNumber><tds:HardwareId>h</tds:HardwareId></tds:GetDeviceInformationResponse>";

    private readonly FakeTimeProvider _time = new();
    private readonly Guid _camera = Guid.NewGuid();
    private readonly OnvifMetrics _metrics = new(new UplinkRegister(Options.Create(new OnvifOptions())));

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task It_is_a_POST_of_SOAP_to_a_path_with_the_action_in_its_media_type()
    {
        HttpRequestMessage? sent = null;
        string? type = null;
        var calls = Calls((request, _) =>
        {
            (sent, type) = (request, request.Content!.Headers.GetValues("Content-Type").Single());
            return Task.FromResult(Answer(200, Envelopes.Of(Good)));
        });

        var answer = await calls.GetDeviceInformationAsync(_camera, Ending);

        Assert.Equal((CallOutcome.Done, "Acme"), (answer.Outcome, answer.Value?.Manufacturer));
        Assert.Equal((HttpMethod.Post, "/onvif/device_service"), (sent!.Method, sent.RequestUri!.OriginalString));
        Assert.Equal("application/soap+xml; charset=utf-8; action=\"http://www.onvif.org/ver10/device/wsdl/GetDeviceInformation\"", type);
    }

    [Theory, InlineData(400), InlineData(500), InlineData(200), InlineData(403)]
    public async Task A_fault_is_read_with_whatever_status_it_comes(int status)
    {
        var answer = await AskAsync(status, Envelopes.Of("""
            <s:Fault>
              <s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:InvalidArgVal</s:Value><s:Subcode><s:Value>ter:CertPathValidationPolicyID</s:Value></s:Subcode></s:Subcode></s:Code>
              <s:Reason><s:Text xml:lang="en">No such policy</s:Text></s:Reason>
            </s:Fault>
            """));

        Assert.Equal(CallOutcome.Fault, answer.Outcome);
        Assert.Equal((true, "No such policy"), (answer.Fault!.IsSender, answer.Fault.Reason));
        Assert.Equal(["InvalidArgVal", "CertPathValidationPolicyID"], answer.Fault.Subcodes);
    }

    [Fact]
    public async Task The_words_of_a_fault_are_one_line()
    {
        var answer = await AskAsync(
            400, Envelopes.Of("<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:A&#10;B</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang=\"en\">no&#13;&#10;12:00 WRN all&#9;is well&#x85;</s:Text></s:Reason></s:Fault>"));

        Assert.Equal("no  12:00 WRN all is well", answer.Fault!.Reason);
        Assert.Equal(["A B"], answer.Fault.Subcodes);
    }

    [Fact]
    public async Task A_fault_of_the_camera_itself_is_told_from_one_of_the_request_and_its_words_are_cut()
    {
        var answer = await AskAsync(500, Envelopes.Of($"<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text xml:lang=\"en\">{new string('x', 5000)}</s:Text></s:Reason></s:Fault>"));

        Assert.Equal((false, 256), (answer.Fault!.IsSender, answer.Fault.Reason.Length));
        Assert.Empty(answer.Fault.Subcodes);
    }

    [Theory, InlineData(401), InlineData(403)]
    public async Task A_refusal_of_HTTP_counts_as_NotAuthorized(int status) => Assert.True((await AskAsync(status, "go away")).Fault!.Has("NotAuthorized"));

    public static TheoryData<int, string> Unreadable => new()
    {
        { 200, "" },
        { 200, "no XML" },
        { 200, "<a/>" },
        { 200, Envelopes.Of(Good)[..200] },
        { 200, Envelopes.Of("") },
        { 200, Envelopes.Of(Good + Good) },
        { 200, Envelopes.Of("<tds:GetServicesResponse/>") },
        { 200, Envelopes.Of("<tup:GetDeviceInformationResponse/>") },
        { 200, Envelopes.Of("<tds:GetDeviceInformationResponse/>") },
        { 200, Envelopes.Of("<s:Fault/>") },
        { 200, Envelopes.Of(Good).Replace("http://www.w3.org/2003/05/soap-envelope", "http://schemas.xmlsoap.org/soap/envelope/", StringComparison.Ordinal) },
        { 200, Envelopes.Of(Good).Replace("?>", "?><!DOCTYPE a [<!ENTITY b 'c'>]>", StringComparison.Ordinal) },
        { 200, Envelopes.Of(Good.Replace("Acme", "&b;", StringComparison.Ordinal)) },
        { 200, Envelopes.Of(Good.Replace("Acme", string.Concat(Enumerable.Repeat("<a>", 40)) + string.Concat(Enumerable.Repeat("</a>", 40)), StringComparison.Ordinal)) },
        { 200, Envelopes.Of(Good.Replace("Acme", string.Concat(Enumerable.Repeat("<a/>", 60_000)), StringComparison.Ordinal)) },
        { 404, "oops" },
        { 400, Envelopes.Of(Good) },
        { 302, "" },
    };

    [Theory, MemberData(nameof(Unreadable))]
    public async Task What_is_no_answer_to_the_call_is_unreadable(int status, string body) => Assert.Equal(CallOutcome.Unreadable, (await AskAsync(status, body)).Outcome);

    [Theory, InlineData(408), InlineData(429), InlineData(500), InlineData(502), InlineData(503)]
    public async Task A_status_that_passes_without_a_fault_is_no_answer(int status)
    {
        Assert.Equal(CallOutcome.NoAnswer, (await AskAsync(status, "")).Outcome);
        Assert.Equal(CallOutcome.NoAnswer, (await AskAsync(status, Envelopes.Of(Good))).Outcome);
    }

    [Fact]
    public async Task A_camera_without_an_uplink_is_offline() =>
        Assert.Equal(CallOutcome.Offline, (await Calls((_, _) => throw new CameraOfflineException()).GetDeviceInformationAsync(_camera, Ending)).Outcome);

    [Theory]
    [InlineData(HttpRequestError.ConfigurationLimitExceeded, CallOutcome.Unreadable)]
    [InlineData(HttpRequestError.HttpProtocolError, CallOutcome.NoAnswer)]
    public async Task An_answer_without_end_is_unreadable_and_one_that_is_broken_off_is_none(HttpRequestError error, CallOutcome expected) =>
        Assert.Equal(expected, (await Calls((_, _) => throw new HttpRequestException(error)).GetDeviceInformationAsync(_camera, Ending)).Outcome);

    [Fact]
    public async Task A_camera_that_is_silent_is_waited_for_only_so_long()
    {
        var asked = new TaskCompletionSource();
        var calls = Calls(async (_, token) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException();
        });
        var call = calls.GetDeviceInformationAsync(_camera, Ending);
        await asked.Task;
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(call.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(CallOutcome.NoAnswer, (await call).Outcome);
    }

    [Fact]
    public async Task A_caller_that_gives_up_gets_its_own_end()
    {
        using var ending = new CancellationTokenSource();
        var calls = Calls(async (_, token) =>
        {
            await ending.CancelAsync();
            token.ThrowIfCancellationRequested();
            throw new InvalidOperationException();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calls.GetDeviceInformationAsync(_camera, ending.Token));
    }

    private Task<CallAnswer<DeviceInformation>> AskAsync(int status, string body) => Calls((_, _) => Task.FromResult(Answer(status, body))).GetDeviceInformationAsync(_camera, Ending);

    private static HttpResponseMessage Answer(int status, string body) => new((HttpStatusCode)status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };

    private CameraCalls Calls(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) => new(new Connections(answer), _metrics, Options.Create(new OnvifOptions()), _time);

    private sealed class Connections(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : ICameraConnections
    {
        public bool IsConnected(Guid camera) => true;

        public IDisposable Subscribe(Action<Guid> connected) => new MemoryStream();

        public Task<HttpResponseMessage> SendAsync(Guid camera, HttpRequestMessage request, CancellationToken cancellationToken) => answer(request, cancellationToken);

        public Task CloseAsync(Guid camera) => Task.CompletedTask;
    }
}
