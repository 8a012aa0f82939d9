using System.Text.Json.Nodes;
using OcfCloud.Coap;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Devices;
using OcfCloud.Simulator.Tests.Support;

namespace OcfCloud.Simulator.Tests.Commands;

public sealed class DeviceCommandTests : IAsyncLifetime
{
    private CommandRoom _room = null!;

    public async ValueTask InitializeAsync() => _room = await CommandRoom.StartAsync();

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Fact]
    public async Task Devices_get_their_own_one_time_tokens_and_say_how_they_fare()
    {
        var devices = _room.Start("device", "light", "--count", "2");

        foreach (var name in new[] { "light-1", "light-2" })
        {
            Assert.Contains("oic.d.light", await devices.LineAsync($"{name}: "), StringComparison.Ordinal);
            await devices.LineAsync($"{name}: registered at {_room.Cloud.Address}");
            await devices.LineAsync($"{name}: signed in");
            await devices.LineAsync($"{name}: published 4 resources");
            var kept = DeviceMemory.Open(_room.Pki.Data.SimulatorFile($"{name}.json")).Current;
            Assert.Contains($"Bearer user-token for {kept.DeviceId:D}", _room.Mediator.Bearers);
            Assert.Equal(ProvisioningStatus.Registered, kept.Cloud.Cps);
        }

        Assert.Equal(0, await devices.StopAsync());
        Assert.DoesNotContain('\u001b', devices.Output);
        Assert.DoesNotContain("one-time", devices.Output, StringComparison.Ordinal);
        Assert.Empty(devices.Error);
    }

    [Fact]
    public async Task A_request_that_changes_a_device_is_shown_and_the_value_survives_the_process()
    {
        var first = _room.Start("device", "switch");
        var connection = await _room.Cloud.ConnectionAsync();
        await first.LineAsync("published");
        await connection.AskAsync(FakeRequests.Post("/switch", new JsonObject { ["value"] = true }));
        await first.LineAsync("switch-1: POST /switch {\"value\":true} -> 2.04");
        await first.StopAsync();

        var second = _room.Start("device", "switch");
        var again = await _room.Cloud.ConnectionAsync();
        await second.LineAsync("published");

        Assert.Equal("""{"value":true}""", FakeRequests.Json(await again.AskAsync(FakeRequests.Get("/switch"))));
        Assert.Single(_room.Mediator.Bearers);
        Assert.DoesNotContain("registered", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registered_device_follows_its_cloud_to_another_port()
    {
        var before = _room.Start("device", "light");
        await before.LineAsync("published");
        await before.StopAsync();
        await using var moved = new FakeCloud(_room.Pki, _room.Cloud.Id);
        await _room.WriteHostAsync(_room.Mediator.Url, moved);

        _room.Start("device", "light");

        await (await moved.ConnectionAsync()).ExpectAsync("/oic/sec/session");
        Assert.Single(_room.Mediator.Bearers);
    }

    [Fact]
    public async Task Where_another_cloud_has_taken_the_place_the_device_registers_there()
    {
        var before = _room.Start("device", "light");
        await before.LineAsync("published");
        await before.StopAsync();
        await using var other = new FakeCloud(_room.Pki);
        await using var mediator = await FakeMediatorApi.StartAsync(other, _room.Pki.Data);
        await _room.WriteHostAsync(mediator.Url, other);

        var device = _room.Start("device", "light");

        await (await other.ConnectionAsync()).ExpectAsync("/oic/sec/account");
        await device.LineAsync($"the cloud {_room.Cloud.Id:D} has gone");
        await device.LineAsync("published");
    }

    [Fact]
    public async Task A_device_that_the_cloud_refuses_ends_the_command_with_exit_code_1()
    {
        _room.Cloud.Next("POST /oic/sec/account", CoapCode.Forbidden);

        var (code, output, _) = await _room.RunAsync("device", "sensor");

        Assert.Equal(1, code);
        Assert.Contains("sensor-1: failed: the cloud did not register the device: 4.03", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_cloud_the_command_ends_with_one_sentence()
    {
        var (code, _, error) = await _room.RunAsync("device", "light", "--url", "https://127.0.0.1:1");

        Assert.Equal(1, code);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_wrong_token_is_told_in_one_sentence()
    {
        var (code, _, error) = await _room.RunAsync("device", "light", "--token", "wrong");

        Assert.Equal(1, code);
        Assert.Equal("401 Unauthorized: The token is not valid.", error.Trim());
    }

    [Fact]
    public async Task With_listen_devices_wait_at_successive_ports_of_their_own()
    {
        var devices = _room.Start("device", "light", "--count", "2", "--listen", "127.0.0.1:0");

        var first = await devices.LineAsync("light-1: listens at coaps+tcp://127.0.0.1:");
        var second = await devices.LineAsync("light-2: listens at coaps+tcp://127.0.0.1:");
        await devices.LineAsync("light-2: waits to be provisioned");

        Assert.NotEqual(first[^5..], second[^5..]);
        Assert.Empty(_room.Mediator.Bearers);
    }

    [Theory]
    [InlineData("device", "toaster")]
    [InlineData("device")]
    [InlineData("device", "light", "--count", "0")]
    [InlineData("device", "light", "--count", "x")]
    [InlineData("device", "light", "--listen", "nowhere")]
    [InlineData("device", "light", "--listen", "127.0.0.1")]
    [InlineData("device", "light", "--listen", "127.0.0.1:65535", "--count", "2")]
    [InlineData("device", "light", "--cert", "x.pem")]
    [InlineData("device", "light", "--cloud", "http://x")]
    [InlineData("client", "get")]
    [InlineData("client", "post", "/switch")]
    [InlineData("client", "post", "/switch", "nonsense")]
    [InlineData("client", "observe", "/switch", "--count", "0")]
    [InlineData("client", "discover", "--device", "nonsense")]
    [InlineData("mediator", "provision")]
    [InlineData("mediator", "provision", "--device", "http://x")]
    [InlineData("nonsense")]
    public async Task Wrong_usage_is_exit_code_2_and_words_on_standard_error(params string[] arguments)
    {
        var (code, output, error) = await _room.RunAsync(arguments);

        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.NotEmpty(error);
    }
}
