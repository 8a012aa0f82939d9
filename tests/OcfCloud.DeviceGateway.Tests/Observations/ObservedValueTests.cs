using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Tests.Connections;

namespace OcfCloud.DeviceGateway.Tests.Observations;

public sealed class ObservedValueTests
{
    [Fact]
    public async Task The_first_notification_has_no_number_that_OCF_stacks_take_for_a_command()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, client, _) = await room.SignInAsync();
        var (_, device, deviceId) = await room.SignInAsync();

        client.Feed(Registration(deviceId, "light"));
        device.Feed(Answer(await device.TakeWrittenAsync(), [0xa0], observe: true));

        Assert.True(FedStream.Read(client.Take()).Observe > 1);
    }

    [Fact]
    public async Task A_large_value_of_a_resource_that_is_not_observable_comes_whole()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, client, _) = await room.SignInAsync();
        var (_, device, deviceId) = await room.SignInAsync();
        var whole = Enumerable.Range(0, 20).Select(i => (byte)i).ToArray();

        client.Feed(Registration(deviceId, "long"));
        device.Feed(Answer(await device.TakeWrittenAsync(), whole[..16], observe: false, new BlockOption(0, true, 0)));
        var fetch = await device.TakeWrittenAsync();
        Assert.Null(FedStream.Read(fetch).Observe);
        device.Feed(Answer(fetch, whole[..16], observe: false, new BlockOption(0, true, 0)));
        device.Feed(Answer(await device.TakeWrittenAsync(), whole[16..], observe: false, new BlockOption(1, false, 0)));

        var answer = FedStream.Read(await client.TakeWrittenAsync());
        Assert.Equal((CoapCode.Content, null), (answer.Code, answer.Observe));
        Assert.Equal(whole, answer.Payload.ToArray());
        Assert.Null(answer.Block2);
    }

    [Fact]
    public async Task A_value_that_is_too_large_for_the_observer_is_the_last_one()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, client, _) = await room.SignInAsync();
        var (_, device, deviceId) = await room.SignInAsync();
        client.Feed(Registration(deviceId, "light"));
        var registration = await device.TakeWrittenAsync();
        device.Feed(Answer(registration, [0xa0], observe: true));
        client.Take();

        device.Feed(Answer(registration, new byte[10_000], observe: true));

        Assert.Equal((CoapCode.RequestEntityTooLarge, null), Last(await client.TakeWrittenAsync()));
        Assert.Equal(1u, FedStream.Read(await device.TakeWrittenAsync()).Observe);
        device.Feed(Answer(registration, [0xa0], observe: true));
        Assert.Equal(0, client.WrittenBytes);
    }

    private static (CoapCode Code, uint? Observe) Last(ReadOnlySpan<byte> written)
    {
        var message = FedStream.ReadAll(written)[^1];
        return (message.Code, message.Observe);
    }

    private static byte[] Registration(DeviceId device, string resource)
    {
        var registration = CoapMessage.Request(CoapCode.Get, $"/{device}/{resource}");
        registration.Token = CoapToken.FromUInt64(7);
        registration.Options.Add(CoapOptionNumber.Observe, 0u);
        return registration.ToBytes();
    }

    private static byte[] Answer(byte[] request, byte[] payload, bool observe, BlockOption? block = null)
    {
        var answer = CoapMessage.Response(CoapCode.Content).WithPayload(payload, CoapContentFormat.OcfCbor);
        answer.Token = FedStream.Read(request).Token;
        if (observe)
            answer.Options.Add(CoapOptionNumber.Observe, 0u);
        if (block is { } part)
            answer.Options.Add(CoapOptionNumber.Block2, part.Value);
        return answer.ToBytes();
    }
}
