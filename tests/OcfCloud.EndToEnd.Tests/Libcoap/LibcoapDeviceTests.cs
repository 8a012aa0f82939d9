using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Libcoap;

/// <summary>A device on libcoap lives in the cloud beside ours.</summary>
[Collection(nameof(LibcoapRoom))]
public sealed class LibcoapDeviceTests(LibcoapRoom room)
{
    [Fact]
    public async Task It_registers_publishes_is_read_changed_and_observed_and_signs_out()
    {
        var id = Guid.NewGuid();
        await using var light = room.StartDevice(await room.IssueDeviceAsync(id), id, await room.User.CreateDeviceTokenAsync(id));
        await light.WaitForAsync("^published with a number$");
        // It sent 2049 and 2053 in its requests, and knows them.
        Assert.Equal(3, light.Output.Count(l => l == "answer 2.04 version 2048"));

        await using var client = new TestDevice(room.Cloud);
        await client.JoinAsync(room.User);
        var path = $"/{id}/light";
        Assert.Equal([path], await client.DiscoverAsync("?rt=oic.r.switch.binary"));
        Assert.Equal(false, await ReadAsync());

        var notifications = await client.Connection.ObserveAsync(WireRequest.Of("GET", path, observe: 0));
        Assert.Equal(false, await NextAsync());
        await light.WaitForAsync("^observed$");

        var changed = await client.RequestAsync("POST", path, Cbor.Map(("value", true)));
        Assert.Equal("2.04", changed.CodeText);
        Assert.Equal(true, Cbor.DecodeMap(changed.Payload)["value"]);
        await light.WaitForAsync("^changed to on$");
        Assert.Equal(true, await NextAsync());

        await light.WriteLineAsync("toggle");
        Assert.Equal(false, await NextAsync());
        Assert.Equal(false, await ReadAsync());

        await light.WriteLineAsync("ping");
        await light.WaitForAsync("^pong$");

        await light.WriteLineAsync("leave");
        await light.WaitForAsync("^signed out$");
        Assert.Equal("5.03", (await client.RequestAsync("GET", path)).CodeText);
        Assert.Equal(0, await light.WaitForExitAsync());

        async Task<object?> ReadAsync()
        {
            var answer = await client.RequestAsync("GET", path);
            Assert.Equal("2.05", answer.CodeText);
            return Cbor.DecodeMap(answer.Payload)["value"];
        }

        async Task<object?> NextAsync()
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            deadline.CancelAfter(WireConnection.Deadline);
            var notification = await notifications.ReadAsync(deadline.Token);
            Assert.Equal("2.05", notification.CodeText);
            Assert.NotNull(notification.Find(WireOption.Observe));
            return Cbor.DecodeMap(notification.Payload)["value"];
        }
    }

    [Fact]
    public async Task It_is_refused_with_another_s_token()
    {
        var id = Guid.NewGuid();
        await using var light = room.StartDevice(await room.IssueDeviceAsync(id), id, await room.User.CreateDeviceTokenAsync(Guid.NewGuid()));
        await light.WaitForAsync(@"^answer 4\.01 version 0$");
        Assert.Equal(1, await light.WaitForExitAsync());
    }
}
