using System.Net;
using System.Net.Http.Headers;
using System.Text;
using OcfCloud.Simulator.Payloads;
using OcfCloud.Simulator.Receiver;
using OcfCloud.Simulator.Tests.Support;

namespace OcfCloud.Simulator.Tests.Commands;

/// <summary>The receiver as the cloud that delivers sees it: over TLS, trusting the cloud's own authority.</summary>
public sealed class ReceiverCommandTests : IAsyncLifetime
{
    private const string Secret = "3BZ6oI9xbRJzOUvUoRb5RgaZjPqHrmql";

    private CommandRoom _room = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _room = await CommandRoom.StartAsync();

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Fact]
    public async Task A_notification_is_a_line_that_says_whether_its_signature_is_right()
    {
        var receiver = _room.Start("receiver", "--listen", "127.0.0.1:0", "--secret", Secret);
        using var cloud = await CloudAsync(receiver);

        var body = Encoding.UTF8.GetBytes("[ {\"di\": \"a\"} ]");
        Assert.Equal(HttpStatusCode.OK, await SendAsync(cloud, "application/json", "devices_online", 0, body));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(cloud, "application/json", "devices_offline", 1, body, forge: true));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(cloud, "application/vnd.ocf+cbor", "resource_contentchanged", 2, RepresentationCodec.Encode(System.Text.Json.Nodes.JsonNode.Parse("{\"value\":true}"))));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(cloud, "", "subscription_cancelled", 3, []));

        Assert.Equal("devices_online #0 signature good [{\"di\":\"a\"}]", await receiver.LineAsync("devices_online"));
        Assert.Equal("devices_offline #1 signature WRONG [{\"di\":\"a\"}]", await receiver.LineAsync("devices_offline"));
        Assert.Equal("resource_contentchanged #2 signature good {\"value\":true}", await receiver.LineAsync("resource_contentchanged"));
        Assert.Equal("subscription_cancelled #3 signature good", await receiver.LineAsync("subscription_cancelled"));
        Assert.Equal(0, await receiver.StopAsync());
    }

    [Fact]
    public async Task It_answers_with_the_status_that_was_asked_for_and_checks_nothing_without_a_secret()
    {
        var receiver = _room.Start("receiver", "--listen", "127.0.0.1:0", "--status", "410");
        using var cloud = await CloudAsync(receiver);

        Assert.Equal(HttpStatusCode.Gone, await SendAsync(cloud, "application/json", "devices_online", 0, "{"u8.ToArray()));

        Assert.Equal("devices_online #0 signature not checked 1 bytes that are no payload of their Content-Type", await receiver.LineAsync("devices_online"));
    }

    [Fact]
    public async Task What_is_no_notification_is_refused_and_told()
    {
        var receiver = _room.Start("receiver", "--listen", "127.0.0.1:0");
        using var cloud = await CloudAsync(receiver);

        using var bare = await cloud.PostAsync("/", new StringContent("{}"), Cancellation);
        using var read = await cloud.GetAsync("/", Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, bare.StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, read.StatusCode);
        Assert.Equal("no notification: it has no good Event-Type", await receiver.LineAsync("no notification"));
    }

    [Theory]
    [InlineData("--secret", "short")]
    [InlineData("--status", "199")]
    [InlineData("--listen", "9443")]
    public async Task Wrong_usage_is_told(string option, string value)
    {
        var (code, _, error) = await _room.RunAsync("receiver", option, value);

        Assert.Equal(2, code);
        Assert.StartsWith(option + ": ", error, StringComparison.Ordinal);
    }

    private async Task<HttpClient> CloudAsync(RunningCommand receiver)
    {
        var address = (await receiver.LineAsync("receives at "))["receives at ".Length..];
        return new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = _room.Pki.CloudAnchors.CreatePolicy() } }) { BaseAddress = new Uri(address) };
    }

    private static async Task<HttpStatusCode> SendAsync(HttpClient cloud, string contentType, string type, int number, byte[] body, bool forge = false)
    {
        var notification = new Notification(contentType, type, "1eeb465c-5e8d-4305-a366-bbf035fff671", $"{number}", "1700000000", null, body);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events") { Content = new ByteArrayContent(body) };
        if (contentType.Length > 0) request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        request.Headers.Add("Event-Type", type);
        request.Headers.Add("Subscription-ID", notification.SubscriptionId);
        request.Headers.Add("Sequence-Number", notification.SequenceNumber);
        request.Headers.Add("Event-Timestamp", notification.EventTimestamp);
        request.Headers.Add("Event-Signature", EventSignature.Compute(forge ? "another secret" : Secret, notification));
        request.Headers.Add("Correlation-ID", "c-1");
        using var answer = await cloud.SendAsync(request, Cancellation);
        Assert.Equal("c-1", Assert.Single(answer.Headers.GetValues("Correlation-ID")));
        return answer.StatusCode;
    }
}
