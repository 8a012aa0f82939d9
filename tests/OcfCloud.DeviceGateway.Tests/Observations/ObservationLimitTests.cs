using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Tests.Connections;

namespace OcfCloud.DeviceGateway.Tests.Observations;

public sealed class ObservationLimitTests
{
    [Fact]
    public async Task Over_the_limit_of_a_device_a_registration_is_a_plain_request_until_another_client_cancels()
    {
        await using var room = await ConnectionRoom.OpenAsync(options => options.MaxObservationsPerDevice = 2);
        using var figures = room.Figures;
        var (_, first, _) = await room.SignInAsync();
        var (_, second, _) = await room.SignInAsync();
        var (_, device, deviceId) = await room.SignInAsync();

        Assert.True(await IsObservedAsync(first, device, deviceId, "/a", 1));
        Assert.True(await IsObservedAsync(first, device, deviceId, "/b", 2));
        Assert.False(await IsObservedAsync(second, device, deviceId, "/c", 3));
        Assert.Equal(1, figures.Of("ocfcloud.gateway.rejected", "observations_per_device"));

        // The device is asked twice: not to notify any more, and for the value.
        first.Feed(Get(deviceId, "/a", 1, 1));
        var asked = new List<CoapMessage>();
        while (asked.Count < 2) asked.AddRange(FedStream.ReadAll(await device.TakeWrittenAsync()));
        device.Feed(Value(asked.Single(request => request.Observe is null), observed: false));
        await first.TakeWrittenAsync();
        Assert.True(await IsObservedAsync(second, device, deviceId, "/c", 4));
    }

    private static async Task<bool> IsObservedAsync(FedStream client, FedStream device, DeviceId deviceId, string path, ulong token)
    {
        client.Feed(Get(deviceId, path, 0, token));
        var request = FedStream.Read(await device.TakeWrittenAsync());
        device.Feed(Value(request, observed: request.Observe == 0));
        return FedStream.Read(await client.TakeWrittenAsync()).Observe is not null;
    }

    private static byte[] Get(DeviceId device, string path, uint observe, ulong token)
    {
        var request = CoapMessage.Request(CoapCode.Get, $"/{device}{path}").WithOption(CoapOptionNumber.Observe, observe);
        request.Token = CoapToken.FromUInt64(token);
        return request.ToBytes();
    }

    private static byte[] Value(CoapMessage request, bool observed)
    {
        var value = CoapMessage.Response(CoapCode.Content).WithPayload(new byte[] { 0xa0 }, CoapContentFormat.OcfCbor);
        value.Token = request.Token;
        return observed ? value.WithOption(CoapOptionNumber.Observe, 12).ToBytes() : value.ToBytes();
    }
}
