using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Metrics;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Routing;

/// <summary>device-to-cloud.md, 2 and 8: devices that do not answer, and peers that are silent.</summary>
public sealed class LimitTests(TightCloud fixture) : IClassFixture<TightCloud>
{
    private const int MaxAge = 14;
    private const uint Json = 50;

    [Fact]
    public async Task No_answer_in_time_is_5_04_and_the_late_one_is_dropped()
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        pair.Device.Connection.OnRequest = _ => null;
        var request = WireRequest.Of("GET", pair.PathOf("/light"));
        Assert.Equal("5.04", (await pair.Client.Connection.RequestAsync(request)).CodeText);
        var late = await pair.Device.NextRequestAsync();

        // The next request may have the place of the first one, but never its answer.
        var next = pair.Client.RequestAsync("GET", pair.PathOf("/light"));
        var inTime = await pair.Device.NextRequestAsync();
        Assert.NotEqual(late.Token, inTime.Token);
        await pair.Device.Connection.SendAsync(WireRequest.Answer(late, "2.05", Cbor.Map(("value", "late"))));
        await pair.Device.Connection.SendAsync(WireRequest.Answer(inTime, "2.05", Cbor.Map(("value", "in time"))));
        Assert.Equal("in time", Cbor.DecodeMap((await next).Payload)["value"]);
        await pair.Device.Connection.PingAsync();
        await pair.Client.Connection.PingAsync();
        Assert.Single(pair.Client.Connection.ReceivedUnder(request.Token));
    }

    [Fact]
    public async Task Other_ways_through_the_cloud_have_the_same_wait()
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        pair.Device.Connection.OnRequest = _ => null;
        Assert.Equal("5.04", (await pair.Client.Connection.RequestAsync(WireRequest.Of("POST", pair.PathOf("/light"), "{}"u8.ToArray(), Json))).CodeText);
        var observed = await pair.Client.ObserveAsync(pair.PathOf("/light"));
        var answer = await observed.NextAsync();
        Assert.Equal("5.04", answer.CodeText);
        Assert.Null(answer.Find(WireOption.Observe));
        await pair.Device.Connection.PingAsync();
    }

    [Fact]
    public async Task Too_many_requests_in_flight_on_one_device_are_5_03_with_Max_Age()
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        pair.Device.Connection.OnRequest = _ => null;
        var first = pair.Client.RequestAsync("GET", pair.PathOf("/light"));
        var second = pair.Client.RequestAsync("GET", pair.PathOf("/light"));
        var third = await pair.Client.RequestAsync("GET", pair.PathOf("/light"));
        Assert.Equal("5.03", third.CodeText);
        Assert.NotNull(third.Find(MaxAge));
        Assert.Equal(1, (await Scrape.OfAsync(fixture.Cloud)).Of("ocfcloud_gateway_rejected_total", "limit=\"requests_in_flight\""));
        Assert.Equal("5.04", (await first).CodeText);
        Assert.Equal("5.04", (await second).CodeText);

        // Their places are free again.
        pair.Device.Connection.OnRequest = request => WireRequest.Answer(request, "2.05", Cbor.Map());
        Assert.Equal("2.05", (await pair.Client.RequestAsync("GET", pair.PathOf("/light"))).CodeText);
    }

    [Fact]
    public async Task A_silent_connection_is_pinged_with_an_8_byte_token_and_lives_as_long_as_it_answers()
    {
        await using var device = new TestDevice(fixture.Cloud);
        await device.JoinAsync(fixture.User, new WireOptions { SendCsm = false });
        for (var pings = 0; pings < 3;)
        {
            var signal = await device.Connection.Signals.ReadAsync(TestContext.Current.CancellationToken);
            if (signal.Code == WireMessage.Ping)
            {
                Assert.Equal(8, signal.Token.Length);
                pings++;
            }
        }

        Assert.Equal("online", await fixture.User.StatusOfAsync(device.Id));
    }

    [Fact]
    public async Task A_connection_that_leaves_one_ping_unanswered_is_closed_and_its_device_offline()
    {
        await using var device = new TestDevice(fixture.Cloud);
        await device.JoinAsync(fixture.User, new WireOptions { AnswersPings = false });
        await device.Connection.EndAsync();
        Assert.Equal(1, device.Connection.Received.Count(m => m.Code == WireMessage.Ping));
        await Eventually.EqualAsync("offline", () => fixture.User.StatusOfAsync(device.Id));
    }

    [Fact]
    public async Task A_handshake_that_waits_for_its_peer_ends()
    {
        await Task.WhenAll(EndAsync([]), EndAsync([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00]));

        async Task EndAsync(byte[] hello)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(fixture.Cloud.Coaps, TestContext.Current.CancellationToken);
            await socket.SendAsync(hello, TestContext.Current.CancellationToken);
            try
            {
                Assert.Equal(0, await socket.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
            }
            catch (SocketException)
            {
                // Reset, which is an end too.
            }
        }
    }

    [Fact]
    public async Task Behind_a_balancer_each_client_has_its_own_limits_and_is_told_where_it_is_connected()
    {
        await using var balancer = await Balancer.StartAsync(fixture.Cloud);
        var ours = new WireOptions { Through = balancer.Coaps, From = IPAddress.Parse("127.0.0.9") };
        await using var pair = await Pair.JoinAsync(fixture.User, ours, ours);
        Assert.Equal("2.05", (await pair.Client.RequestAsync("GET", pair.PathOf("/light"))).CodeText);
        var found = (Dictionary<string, object?>)Assert.Single(Cbor.DecodeList((await pair.Client.RequestAsync("GET", $"/oic/res?di={pair.Device.Id}")).Payload))!;
        var endpoint = (Dictionary<string, object?>)Assert.Single((List<object?>)found["eps"]!)!;
        Assert.Equal($"coaps+tcp://{balancer.Coaps}", endpoint["ep"]);

        // As many as one address may have, and one more.
        var others = new List<TestDevice>();
        try
        {
            for (var open = 2; open < int.Parse(TightCloud.ConnectionsPerAddress, CultureInfo.InvariantCulture); open++)
            {
                others.Add(new TestDevice(fixture.Cloud));
                await others[^1].ConnectAsync(ours);
                await others[^1].Connection.PingAsync();
            }

            await using var refused = new TestDevice(fixture.Cloud);
            var refusal = await Record.ExceptionAsync(() => refused.ConnectAsync(ours));
            Assert.True(refusal is IOException or AuthenticationException, refusal?.ToString() ?? "let in");

            // The balancer's own address has more by now: libcoap's client comes from another one.
            Assert.Equal("4.04", await AskWithLibcoapAsync(balancer.Coaps, "127.0.0.10"));
        }
        finally
        {
            foreach (var other in others)
                await other.DisposeAsync();
        }

        Assert.Equal(HttpStatusCode.BadRequest, await AskForFirmwareAsync(balancer.Https, "127.0.0.9", claimed: "127.0.0.11"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskForFirmwareAsync(balancer.Https, "127.0.0.9", claimed: "127.0.0.12"));
        Assert.Equal(HttpStatusCode.BadRequest, await AskForFirmwareAsync(balancer.Https, "127.0.0.10", claimed: "127.0.0.9"));
    }

    private async Task<string> AskWithLibcoapAsync(IPEndPoint endpoint, string from)
    {
        using var folder = new TemporaryFolder();
        var certificates = folder.File("device");
        (await fixture.Cloud.ArrangeAsync("pki", "issue-device", "--di", Guid.NewGuid().ToString(), "--out", certificates)).Succeeded();
        await using var client = RunningProgram.Start(
            "coap-client-openssl",
            [
                "-a", from, "-c", Path.Combine(certificates, "device.pem"), "-j", Path.Combine(certificates, "device.key"), "-R", Path.Combine(certificates, "cloud-ca.pem"),
                "-v", "7", "-B", "10", "-m", "get", $"coaps+tcp://{endpoint}/nothing",
            ]);
        await client.WaitForExitAsync();
        var answer = client.Output.Concat(client.Errors).FirstOrDefault(line => line.StartsWith("v:1 ", StringComparison.Ordinal) && line.Contains(" c:4.", StringComparison.Ordinal));
        Assert.True(answer is not null, client.Transcript);
        return answer.Split(" c:")[1][..4];
    }

    private async Task<HttpStatusCode> AskForFirmwareAsync(Uri balancer, string from, string claimed)
    {
        using var client = fixture.Cloud.CreateHttpClient(from: IPAddress.Parse(from));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(balancer, "/onvif/cloud/getAvailableFWImages"))
        {
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
            Headers = { { "X-Forwarded-For", claimed } },
        };
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
