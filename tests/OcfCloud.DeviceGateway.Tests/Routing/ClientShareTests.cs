using System.Text;
using OcfCloud.Coap;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Requests;
using OcfCloud.DeviceGateway.Tests.Connections;

namespace OcfCloud.DeviceGateway.Tests.Routing;

/// <summary>One client never takes all of what a device, or the cloud, can do at once.</summary>
public sealed class ClientShareTests
{
    private const string Rejected = "ocfcloud.gateway.rejected";

    [Fact]
    public async Task A_client_has_its_share_of_a_device_and_leaves_the_rest_to_others()
    {
        await using var room = await ConnectionRoom.OpenAsync(options => (options.MaxRequestsInFlight, options.MaxRequestsPerClientOnDevice) = (4, 2));
        using var figures = room.Figures;
        var (_, greedy, _) = await room.SignInAsync();
        var (_, other, _) = await room.SignInAsync();
        var (_, device, deviceId) = await room.SignInAsync();

        for (var token = 1ul; token <= 4; token++)
            greedy.Feed(ConnectionRoom.Request(CoapCode.Get, $"/{deviceId}/light", token));
        Assert.All(FedStream.ReadAll(greedy.Take()), answer => Assert.Equal(CoapCode.ServiceUnavailable, answer.Code));
        Assert.Equal(2, figures.Of(Rejected, "requests_per_client"));
        Assert.Equal(0, figures.Of(Rejected, "requests_in_flight"));

        other.Feed(ConnectionRoom.Request(CoapCode.Get, $"/{deviceId}/light", 5));
        var asked = FedStream.ReadAll(device.Take());
        Assert.Equal(3, asked.Count);

        // An answer gives its place back.
        device.Feed(new CoapMessage(CoapCode.Content) { Token = asked[0].Token }.ToBytes());
        greedy.Take();
        greedy.Feed(ConnectionRoom.Request(CoapCode.Get, $"/{deviceId}/light", 6));
        Assert.Single(FedStream.ReadAll(device.Take()));
    }

    [Fact]
    public async Task Requests_that_are_converted_on_the_way_count_too()
    {
        await using var room = await ConnectionRoom.OpenAsync(options => options.MaxRequestsPerClientOnDevice = 1);
        var (_, client, _) = await room.SignInAsync();
        var (_, device, deviceId) = await room.SignInAsync();
        var request = CoapMessage.Request(CoapCode.Post, $"/{deviceId}/light").WithPayload(Encoding.UTF8.GetBytes("{}"), CoapContentFormat.Json);

        client.Feed(request.ToBytes());
        await device.TakeWrittenAsync();
        client.Feed(request.ToBytes());
        Assert.Equal(CoapCode.ServiceUnavailable, FedStream.Read(await client.TakeWrittenAsync()).Code);
        client.Feed(ConnectionRoom.Request(CoapCode.Get, $"/{deviceId}/light", 1));
        Assert.Equal(CoapCode.ServiceUnavailable, FedStream.Read(client.Take()).Code);
    }

    [Fact]
    public async Task An_app_over_https_has_its_share_as_well()
    {
        await using var room = await ConnectionRoom.OpenAsync(options => options.MaxRequestsPerClientOnDevice = 1);
        var (_, device, deviceId) = await room.SignInAsync();

        var first = Ask("app");
        var asked = FedStream.Read(await device.TakeWrittenAsync());
        Assert.Equal(DeviceOutcome.Busy, (await Ask("app")).Outcome);
        var other = Ask("another app");
        var second = FedStream.Read(await device.TakeWrittenAsync());
        device.Feed(new CoapMessage(CoapCode.Content) { Token = asked.Token }.ToBytes());
        device.Feed(new CoapMessage(CoapCode.Content) { Token = second.Token }.ToBytes());
        Assert.Equal(DeviceOutcome.Answered, (await first).Outcome);
        Assert.Equal(DeviceOutcome.Answered, (await other).Outcome);

        Task<DeviceAnswer> Ask(string client) => room.Requests.SendAsync(
            new DeviceRequest(room.User, AccessSubject.OfClient(client), deviceId, DeviceMethod.Get, "/light"), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_client_has_its_share_of_all_devices_together()
    {
        await using var room = await ConnectionRoom.OpenAsync(options => options.MaxRequestsPerClient = 2);
        using var figures = room.Figures;
        var (_, client, _) = await room.SignInAsync();
        var devices = new List<(FedStream Stream, DeviceId Id)>();
        for (var i = 0; i < 3; i++)
        {
            var (_, stream, id) = await room.SignInAsync();
            devices.Add((stream, id));
            client.Feed(ConnectionRoom.Request(CoapCode.Get, $"/{id}/light", (ulong)i + 1));
        }

        Assert.Equal(CoapCode.ServiceUnavailable, FedStream.Read(client.Take()).Code);
        Assert.Equal(1, figures.Of(Rejected, "requests_per_client"));

        devices[0].Stream.Feed(new CoapMessage(CoapCode.Content) { Token = FedStream.Read(devices[0].Stream.Take()).Token }.ToBytes());
        client.Take();
        client.Feed(ConnectionRoom.Request(CoapCode.Get, $"/{devices[2].Id}/light", 4));
        Assert.Single(FedStream.ReadAll(devices[2].Stream.Take()));
    }
}
