using System.Text.Json.Nodes;
using OcfCloud.Coap;
using OcfCloud.Simulator.Mediators;
using OcfCloud.Simulator.Tests.Support;

namespace OcfCloud.Simulator.Tests.Commands;

public sealed class MediatorCommandTests : IAsyncLifetime
{
    private CommandRoom _room = null!;

    public async ValueTask InitializeAsync() => _room = await CommandRoom.StartAsync();

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Fact]
    public async Task A_waiting_device_is_provisioned_with_the_users_token()
    {
        var device = _room.Start("device", "light", "--listen", "127.0.0.1:0");
        var address = (await device.LineAsync("listens at"))["light-1: listens at ".Length..];

        var (code, output, error) = await _room.RunAsync("mediator", "provision", "--device", address);

        Assert.Equal((0, ""), (code, error));
        Assert.EndsWith("registered\n", output, StringComparison.Ordinal);
        await device.LineAsync("light-1: signed in");
        var id = (await device.LineAsync("oic.d.light"))["light-1: ".Length..].Split(' ')[0];
        Assert.Equal([$"Bearer user-token for {id}"], _room.Mediator.Bearers);
        Assert.DoesNotContain("one-time", output + device.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registered_mediator_uses_the_token_of_its_registration_and_refreshes_it()
    {
        var device = _room.Start("device", "light", "--count", "2", "--listen", "127.0.0.1:0");
        _room.Mediator.ExpiresIn = 3600;
        Assert.Equal(0, (await _room.RunAsync("mediator", "register")).ExitCode);
        await ProvisionAsync(device, "light-1");
        _room.Mediator.ExpiresIn = 1; // within the margin at once
        Assert.Equal(0, (await _room.RunAsync("mediator", "register")).ExitCode);
        await ProvisionAsync(device, "light-2");

        Assert.StartsWith("Bearer mediator-access-1 ", _room.Mediator.Bearers.First(), StringComparison.Ordinal);
        Assert.StartsWith("Bearer mediator-access-2 ", _room.Mediator.Bearers.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_shown_in_words_with_exit_code_1_and_a_second_attempt_may_succeed()
    {
        _room.Cloud.Next("POST /oic/sec/account", CoapCode.Unauthorized);
        var device = _room.Start("device", "light", "--listen", "127.0.0.1:0");
        var address = (await device.LineAsync("listens at"))["light-1: listens at ".Length..];

        var (code, _, error) = await _room.RunAsync("mediator", "provision", "--device", address);
        var second = await _room.RunAsync("mediator", "provision", "--device", address);

        Assert.Equal((1, "the device failed to register: the cloud answered with an error (clec 1)\n"), (code, error));
        Assert.Equal(0, second.ExitCode);
    }

    [Fact]
    public async Task A_certificate_that_is_not_the_mediators_is_refused()
    {
        var device = _room.Start("device", "light", "--listen", "127.0.0.1:0");
        var address = (await device.LineAsync("listens at"))["light-1: listens at ".Length..];
        await _room.RunAsync("mediator", "register");

        // Somebody of the house who has no right to do so: the device knows its owner's mediator by the data directory.
        using var other = new TestPki();
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(_room.Pki.Data.DeviceAuthority)!))
            File.Copy(file, Path.Combine(Path.GetDirectoryName(other.Data.DeviceAuthority)!, Path.GetFileName(file)), overwrite: true);
        var foreign = new RunningCommand(
            ["mediator", "provision", "--device", address, "--data", other.Data.Root, "--url", _room.Mediator.Url, "--token", "user-token"]);

        Assert.Equal(1, await foreign.Ended);
        Assert.Contains("4.03", foreign.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("POST /oic/sec/account", _room.Cloud.Asked);
    }

    [Fact]
    public async Task Status_shows_the_mediator_and_the_users_devices()
    {
        _room.Mediator.Devices =
        [
            JsonNode.Parse("""
                {"di":"11111111-2222-4333-8444-555555555555","name":"light-1","status":"online","lastSeen":"2026-11-24T19:31:57+00:00","links":4}
                """),
            JsonNode.Parse("""{"di":"66666666-2222-4333-8444-555555555555","name":null,"status":"offline","lastSeen":null,"links":0}"""),
        ];
        var before = await _room.RunAsync("mediator", "status");
        await _room.RunAsync("mediator", "register");

        var (code, output, _) = await _room.RunAsync("mediator", "status");

        Assert.Equal(0, code);
        var id = new MediatorFile(_room.Pki.Data).Get().Id;
        Assert.Contains($"mediator {id:D}, not registered", before.Output, StringComparison.Ordinal);
        Assert.Contains($"mediator {id:D}, registered at", output, StringComparison.Ordinal);
        Assert.Matches("light-1 +11111111-2222-4333-8444-555555555555 +online +2026-11-24 19:31:57Z +4", output);
    }

    [Fact]
    public async Task Where_nobody_listens_it_says_so()
    {
        var (code, _, error) = await _room.RunAsync("mediator", "provision", "--device", "127.0.0.1:1");

        Assert.Equal(1, code);
        Assert.Contains("127.0.0.1:1", error, StringComparison.Ordinal);
    }

    private async Task ProvisionAsync(RunningCommand device, string name)
    {
        var address = (await device.LineAsync($"{name}: listens at"))[$"{name}: listens at ".Length..];
        var (code, _, error) = await _room.RunAsync("mediator", "provision", "--device", address);
        Assert.Equal((0, ""), (code, error));
    }
}
