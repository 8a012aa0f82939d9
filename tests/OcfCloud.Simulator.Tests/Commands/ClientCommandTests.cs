using System.Text.Json.Nodes;
using OcfCloud.Coap;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Devices;
using OcfCloud.Simulator.Payloads;
using OcfCloud.Simulator.Tests.Support;

namespace OcfCloud.Simulator.Tests.Commands;

public sealed class ClientCommandTests : IAsyncLifetime
{
    private const string Light = "11111111-2222-4333-8444-555555555555";
    private const string Sensor = "66666666-2222-4333-8444-555555555555";
    private CommandRoom _room = null!;

    public async ValueTask InitializeAsync()
    {
        _room = await CommandRoom.StartAsync();
        _room.Cloud.Always("GET /oic/res", _ => FakeCloud.Answer(CoapCode.Content, new JsonArray(
            Link(Light, "/light/switch", "oic.r.switch.binary"), Link(Light, "/same", "x.same"),
            Link(Sensor, "/temperature", "oic.r.temperature"), Link(Sensor, "/same", "x.same"))));
        _room.Cloud.Always($"GET /{Light}/oic/d", _ => FakeCloud.Answer(CoapCode.Content, new JsonObject { ["n"] = "light-1" }));
        _room.Cloud.Always($"GET /{Sensor}/oic/d", _ => FakeCloud.Answer(CoapCode.ServiceUnavailable).WithDiagnostic("the device is offline"));
        _room.Cloud.Always($"GET /{Light}/light/switch", _ => FakeCloud.Answer(CoapCode.Content, new JsonObject { ["value"] = true }));
    }

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Fact]
    public async Task Discover_shows_a_table_with_names_and_who_is_online()
    {
        var (code, output, error) = await _room.RunAsync("client", "discover", "--rt", "a", "--rt", "b", "--if", "oic.if.a", "--device", Light);

        Assert.Equal((0, ""), (code, error));
        Assert.Matches($"light-1 +online +/{Light}/light/switch +oic.r.switch.binary +oic.if.baseline", output);
        Assert.Matches($"offline +/{Sensor}/temperature", output);
        Assert.DoesNotContain('\u001b', output);
        var connection = await _room.Cloud.ConnectionAsync();
        await connection.ExpectAsync("/oic/sec/account");
        await connection.ExpectAsync("/oic/sec/session");
        Assert.Equal(["rt=a", "rt=b", "if=oic.if.a", $"di={Light}"], (await connection.ExpectAsync("/oic/res")).UriQuery);
    }

    [Fact]
    public async Task A_client_publishes_nothing_and_keeps_its_registration()
    {
        await _room.RunAsync("client", "discover");
        await _room.RunAsync("client", "discover");

        Assert.Equal(1, _room.Cloud.Asked.Count(a => a == "POST /oic/sec/account"));
        Assert.DoesNotContain("POST /oic/rd", _room.Cloud.Asked);
        Assert.Equal(ProvisioningStatus.Registered, DeviceMemory.Open(_room.Pki.Data.SimulatorFile("client-1.json")).Current.Cloud.Cps);
    }

    [Fact]
    public async Task A_client_that_the_cloud_has_forgotten_registers_anew()
    {
        await _room.RunAsync("client", "discover");
        _room.Cloud.Next("POST /oic/sec/session", CoapCode.Unauthorized);
        _room.Cloud.Next("POST /oic/sec/tokenrefresh", CoapCode.Unauthorized);

        var (code, _, _) = await _room.RunAsync("client", "discover");

        Assert.Equal(0, code);
        Assert.Equal(2, _room.Cloud.Asked.Count(a => a == "POST /oic/sec/account"));
    }

    [Theory]
    [InlineData($"/{Light}/light/switch")]
    [InlineData("11111111-2222-4333-8444-555555555555/light/switch")]
    [InlineData("light-1/light/switch")]
    [InlineData("/light-1/light/switch")]
    [InlineData("/light/switch")]
    public async Task Get_takes_the_path_in_convenient_forms_and_prints_JSON(string path)
    {
        var (code, output, _) = await _room.RunAsync("client", "get", path);

        Assert.Equal(0, code);
        Assert.True(JsonNode.Parse(output)!["value"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("/same", "2 devices")]
    [InlineData("nobody/light/switch", "nobody")]
    public async Task A_path_that_says_no_one_resource_is_refused_in_words(string path, string words)
    {
        var (code, output, error) = await _room.RunAsync("client", "get", path);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"value":false,"n":"x"}""", """{"value":false,"n":"x"}""")]
    [InlineData("""value=false|n=x|level=3|list=[1,2]|text="4" """, """{"value":false,"n":"x","level":3,"list":[1,2],"text":"4"}""")]
    public async Task Post_takes_JSON_or_pairs(string words, string body)
    {
        JsonNode? sent = null;
        _room.Cloud.Always($"POST /{Light}/light/switch", request =>
        {
            RepresentationCodec.TryDecode(request.Payload, out sent);
            return FakeCloud.Answer(CoapCode.Changed, new JsonObject { ["value"] = false });
        });

        var (code, output, _) = await _room.RunAsync(["client", "post", $"/{Light}/light/switch", .. words.Trim().Split('|')]);

        Assert.Equal(0, code);
        Assert.Equal(body, sent!.ToJsonString());
        Assert.False(JsonNode.Parse(output)!["value"]!.GetValue<bool>());
    }

    [Fact]
    public async Task An_error_answer_is_one_sentence_with_its_code_and_exit_code_1()
    {
        _room.Cloud.Always($"DELETE /{Light}/light/switch", _ => FakeCloud.Answer(CoapCode.MethodNotAllowed).WithDiagnostic("not that"));
        _room.Cloud.Always($"GET /{Sensor}/temperature", _ => FakeCloud.Answer(CoapCode.ServiceUnavailable));

        var refused = await _room.RunAsync("client", "delete", $"/{Light}/light/switch");
        var offline = await _room.RunAsync("client", "get", $"/{Sensor}/temperature");
        var offlineToo = await _room.RunAsync("client", "observe", $"/{Sensor}/temperature");

        Assert.Equal((1, "", "4.05: not that\n"), refused);
        Assert.Equal((1, "", "5.03: the device is offline\n"), offline);
        Assert.Equal((1, "", "5.03: the device is offline\n"), offlineToo);
    }

    [Fact]
    public async Task Observe_prints_each_notification_on_its_own_line_and_ends_after_the_count()
    {
        CoapToken token = default;
        _room.Cloud.Always($"GET /{Light}/light/switch", request =>
        {
            token = request.Token;
            return Notification(value: false, sequence: 2);
        });
        var observing = _room.Start("client", "observe", $"/{Light}/light/switch", "--count", "2");
        var connection = await _room.Cloud.ConnectionAsync();
        await observing.LineAsync("""{"value":false}""");

        var change = Notification(value: true, sequence: 3);
        change.Token = token;
        connection.Send(change);

        Assert.Equal(0, await observing.Ended);
        Assert.Equal("{\"value\":false}\n{\"value\":true}\n", observing.Output);
    }

    [Fact]
    public async Task Observe_says_in_words_when_the_device_is_offline_and_when_it_is_back()
    {
        _room.Cloud.Always($"GET /{Light}/light/switch", _ => Notification(value: false, sequence: 2));
        var observing = _room.Start("client", "observe", $"/{Light}/light/switch");
        await observing.LineAsync("""{"value":false}""");

        _room.Cloud.Always($"GET /{Light}/oic/d", _ => FakeCloud.Answer(CoapCode.ServiceUnavailable));
        await observing.LineAsync("the device is offline");
        _room.Cloud.Always($"GET /{Light}/oic/d", _ => FakeCloud.Answer(CoapCode.Content, new JsonObject()));
        await observing.LineAsync("the device is online again");

        Assert.Equal(0, await observing.StopAsync());
    }

    [Fact]
    public async Task Two_clients_at_once_are_two_devices()
    {
        _room.Cloud.Always($"GET /{Light}/light/switch", _ => Notification(value: false, sequence: 2));
        var observing = _room.Start("client", "observe", $"/{Light}/light/switch");
        await observing.LineAsync("""{"value":false}""");

        var (code, _, _) = await _room.RunAsync("client", "get", $"/{Light}/light/switch");

        Assert.Equal(0, code);
        Assert.False(observing.Ended.IsCompleted);
        Assert.True(File.Exists(_room.Pki.Data.SimulatorFile("client-2.json")));
    }

    private static CoapMessage Notification(bool value, uint sequence) =>
        FakeCloud.Answer(CoapCode.Content, new JsonObject { ["value"] = value }).WithOption(CoapOptionNumber.Observe, sequence);

    private static JsonObject Link(string device, string href, string type) => new()
    {
        ["anchor"] = $"ocf://{device}",
        ["href"] = $"/{device}{href}",
        ["rt"] = new JsonArray(type),
        ["if"] = new JsonArray("oic.if.baseline"),
        ["p"] = new JsonObject { ["bm"] = 3 },
    };
}
