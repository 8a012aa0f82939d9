using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Tests.Connections;

namespace OcfCloud.DeviceGateway.Tests.Metrics;

public sealed class GatewayMetricsTests
{
    private const string Requests = "ocfcloud.gateway.requests";
    private const string Rejected = "ocfcloud.gateway.rejected";

    [Fact]
    public async Task A_routed_request_is_counted_by_its_method_and_the_devices_code()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        using var figures = room.Figures;
        var (_, client, _) = await room.SignInAsync();
        var (_, device, deviceId) = await room.SignInAsync();

        Exchange(client, device, deviceId, CoapCode.Post, CoapCode.Changed);

        Assert.Equal(1, figures.Of(Requests, "device", "POST", "2.04"));
        Assert.Equal(1, figures.Of(Requests));
    }

    [Fact]
    public async Task A_code_that_a_device_makes_up_is_no_label_of_its_own()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        using var figures = room.Figures;
        var (_, client, _) = await room.SignInAsync();
        var (_, device, deviceId) = await room.SignInAsync();

        Exchange(client, device, deviceId, CoapCode.Get, new CoapCode(4, 30));
        Exchange(client, device, deviceId, CoapCode.Get, new CoapCode(4, 31));

        Assert.Equal(2, figures.Of(Requests, "device", "GET", "other"));
    }

    [Fact]
    public async Task A_request_over_the_devices_limit_is_counted_as_rejected_and_as_5_03()
    {
        await using var room = await ConnectionRoom.OpenAsync(options => options.MaxRequestsInFlight = 1);
        using var figures = room.Figures;
        var (_, client, _) = await room.SignInAsync();
        var (_, _, deviceId) = await room.SignInAsync();

        client.Feed(ConnectionRoom.Request(CoapCode.Get, $"/{deviceId}/light", 1));
        client.Feed(ConnectionRoom.Request(CoapCode.Get, $"/{deviceId}/light", 2));

        Assert.Equal(1, figures.Of(Rejected, "requests_in_flight"));
        Assert.Equal(1, figures.Of(Rejected));
        Assert.Equal(1, figures.Of(Requests, "device", "GET", "5.03"));
    }

    [Fact]
    public async Task A_request_to_nothing_is_the_clouds_own()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        using var figures = room.Figures;
        var (_, client, _) = await room.SignInAsync();

        client.Feed(ConnectionRoom.Request(CoapCode.Delete, "/nothing", 1));

        Assert.Equal(1, figures.Of(Requests, "cloud", "DELETE", "4.04"));
    }

    [Fact]
    public async Task A_message_for_a_peer_that_does_not_read_is_counted_as_rejected()
    {
        await using var room = await ConnectionRoom.OpenAsync(options => options.MaxOutgoingBytes = 65_536);
        using var figures = room.Figures;
        var (_, client, _) = await room.SignInAsync();
        var (_, device, deviceId) = await room.SignInAsync();
        device.NotRead = new TaskCompletionSource();
        var large = new byte[7_000];

        for (var token = 1ul; token <= 20; token++)
            client.Feed(ConnectionRoom.Request(CoapCode.Post, $"/{deviceId}/light", token, large));

        Assert.True(figures.Of(Rejected, "outgoing_bytes") > 0);
        device.NotRead.SetResult();
    }

    [Fact]
    public async Task An_end_is_counted_by_its_reason()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (connection, stream, _) = await room.SignInAsync();
        using var figures = room.Figures;

        stream.End();
        await room.EndedAsync(connection);

        Assert.Equal(1, figures.Of("ocfcloud.gateway.connections.closed", "peer_closed"));
        Assert.Equal(1, figures.Of("ocfcloud.gateway.connections.closed"));
    }

    private static void Exchange(FedStream client, FedStream device, DeviceId deviceId, CoapCode method, CoapCode code)
    {
        client.Feed(ConnectionRoom.Request(method, $"/{deviceId}/light", 1));
        var request = FedStream.Read(device.Take());
        device.Feed(new CoapMessage(code) { Token = request.Token }.ToBytes());
        Assert.Equal(code, FedStream.Read(client.Take()).Code);
    }
}
