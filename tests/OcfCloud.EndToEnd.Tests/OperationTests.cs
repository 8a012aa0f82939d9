using System.Net.Http.Json;
using System.Text.Json;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd;

/// <summary>The public name of the cloud, devices without certificates, and the end of a host that is told to stop.</summary>
public sealed class OperationTests
{
    [Fact]
    public async Task A_host_that_is_told_to_stop_finishes_what_is_in_flight_tells_everybody_and_forgets_nothing()
    {
        await using var cloud = await Cloud.StartAsync(settings: ["PublicCoaps=coaps+tcp://cloud.example:5684", "Devices:TwinSpread=1.00:00:00"]);
        var user = await cloud.DemoUserAsync();
        await using var pair = await Pair.JoinAsync(user);
        await using var stranger = new TestDevice(cloud);
        await stranger.ConnectAsync();

        // The public name is what clients and mediators are told.
        var link = (Dictionary<string, object?>)Assert.Single(Cbor.DecodeList((await pair.Client.RequestAsync("GET", "/oic/res")).Payload))!;
        Assert.Equal("coaps+tcp://cloud.example:5684", ((Dictionary<string, object?>)Assert.Single((List<object?>)link["eps"]!)!)["ep"]);
        using var answer = await cloud.HttpClientOf(user.Bearer).PostAsJsonAsync("/mediator/v1/device-tokens", new { }, TestContext.Current.CancellationToken);
        var token = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal("coaps+tcp://cloud.example:5684", token.GetProperty("cis").GetString());

        pair.Device.Connection.OnRequest = _ => null;
        var asked = pair.Client.RequestAsync("GET", pair.PathOf("/light"));
        var request = await pair.Device.NextRequestAsync();
        var stopped = cloud.StopAsync();
        foreach (var peer in (TestDevice[])[pair.Client, pair.Device, stranger])
        {
            var signal = await peer.Connection.Signals.ReadAsync(TestContext.Current.CancellationToken);
            while (signal.Code != WireMessage.Release)
            {
                signal = await peer.Connection.Signals.ReadAsync(TestContext.Current.CancellationToken);
            }

            Assert.Equal(8, signal.Token.Length);
        }

        // The stranger has nothing in flight and is let go; the others stay for the answer.
        await stranger.Connection.EndAsync();
        Assert.False(pair.Client.Connection.Ended.IsCompleted);
        await pair.Device.Connection.SendAsync(WireRequest.Answer(request, "2.05", Cbor.Map(("value", 7))));
        Assert.Equal(7L, Cbor.DecodeMap((await asked).Payload)["value"]);
        await pair.Device.Connection.EndAsync();
        await pair.Client.Connection.EndAsync();
        Assert.Equal(0, await stopped);
        Assert.False(File.Exists(Path.Combine(cloud.DataDirectory, "host.json")));

        // A command works without the host too.
        var listed = (await cloud.ArrangeAsync("device", "list", "--json")).Succeeded().Json.EnumerateArray().Single(device => device.GetProperty("di").GetGuid() == pair.Device.Id);
        Assert.Equal(("offline", 1), (listed.GetProperty("status").GetString(), listed.GetProperty("links").GetInt32()));

        await cloud.StartAsync();
        Assert.All(await user.ListDevicesAsync(), device => Assert.Equal("offline", device.Status));
        await pair.Device.ReturnAsync();
        await pair.Client.ReturnAsync();
        Assert.Equal([pair.PathOf("/light")], await pair.Client.DiscoverAsync());
        Assert.Equal("2.05", (await pair.Client.RequestAsync("GET", pair.PathOf("/light"))).CodeText);
    }

    [Fact]
    public async Task Devices_come_without_a_certificate_where_the_operator_says_so_and_the_log_warns()
    {
        await using var cloud = await Cloud.StartAsync(settings: "Devices:AllowWithoutCertificate=true");
        await using var connection = await WireConnection.ConnectAsync(cloud.Coaps, null, cloud.Authority);
        var di = Guid.NewGuid();
        var token = await (await cloud.DemoUserAsync()).CreateDeviceTokenAsync(di);
        var answer = await connection.RequestAsync(WireRequest.Of("POST", "/oic/sec/account", Cbor.Map(("di", di.ToString()), ("accesstoken", token))));
        Assert.Equal("2.04", answer.CodeText);
        Assert.Contains(cloud.Host.Output, line => line.Contains("WRN", StringComparison.Ordinal) && line.Contains("certificate", StringComparison.Ordinal));
    }
}
