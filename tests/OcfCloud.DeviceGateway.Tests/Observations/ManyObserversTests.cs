using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Tests.Connections;

namespace OcfCloud.DeviceGateway.Tests.Observations;

/// <summary>A resource that many observe: the device's connection is not kept until all are told.</summary>
public sealed class ManyObserversTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    public async Task Few_are_told_while_the_notification_is_handled(int count)
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, client, _) = await room.SignInAsync();
        var (_, device, deviceId) = await room.SignInAsync();
        var token = await ObserveAsync(client, device, deviceId, count);

        device.Feed(Value(token, 2));

        Assert.Equal(count, FedStream.ReadAll(client.Take()).Count(IsOf(2)));
    }

    [Fact]
    public async Task One_whose_value_has_to_be_converted_holds_up_no_other()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, converted, _) = await room.SignInAsync();
        var (_, client, _) = await room.SignInAsync();
        var (_, device, deviceId) = await room.SignInAsync();
        var token = await ObserveAsync(converted, device, deviceId, 1, 50);
        client.Feed(Registration(deviceId, 1, accept: null));
        await client.TakeWrittenAsync();

        device.Feed(Value(token, 2));

        Assert.Equal(1, FedStream.ReadAll(client.Take()).Count(IsOf(2)));
        Assert.True(IsOf(2, 50)(FedStream.Read(await converted.TakeWrittenAsync())));
    }

    [Theory]
    [InlineData(17, null)]
    [InlineData(100, null)]
    [InlineData(1, 50u)]
    public async Task All_are_told_the_newest_value(int count, uint? accept)
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, client, _) = await room.SignInAsync();
        var (_, device, deviceId) = await room.SignInAsync();
        var token = await ObserveAsync(client, device, deviceId, count, accept);

        for (byte value = 2; value <= 9; value++)
            device.Feed(Value(token, value));

        var told = new List<CoapMessage>();
        while (told.Where(IsOf(9, accept)).DistinctBy(message => message.Token).Count() < count)
            told.AddRange(FedStream.ReadAll(await client.TakeWrittenAsync()));
        Assert.All(told.GroupBy(message => message.Token), messages => Assert.True(IsOf(9, accept)(messages.Last())));
    }

    [Fact]
    public async Task All_are_told_the_last_one()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, client, _) = await room.SignInAsync();
        var (_, device, deviceId) = await room.SignInAsync();
        var token = await ObserveAsync(client, device, deviceId, 40);

        var gone = CoapMessage.Response(CoapCode.NotFound);
        gone.Token = token;
        device.Feed(gone.ToBytes());

        var told = new List<CoapMessage>();
        while (told.Count < 40)
            told.AddRange(FedStream.ReadAll(await client.TakeWrittenAsync()));
        Assert.Equal(40, told.Where(message => message.Code == CoapCode.NotFound).DistinctBy(message => message.Token).Count());
    }

    // All by one client, under tokens of their own; the device is asked once.
    private static async Task<CoapToken> ObserveAsync(FedStream client, FedStream device, DeviceId deviceId, int count, uint? accept = null)
    {
        CoapToken? asked = null;
        for (var number = 1ul; number <= (ulong)count; number++)
        {
            client.Feed(Registration(deviceId, number, accept));
            if (asked is null)
            {
                asked = FedStream.Read(await device.TakeWrittenAsync()).Token;
                device.Feed(Value(asked.Value, 1));
            }

            Assert.Equal(number, FedStream.Read(await client.TakeWrittenAsync()).Token.Value);
        }

        return asked!.Value;
    }

    private static byte[] Registration(DeviceId device, ulong number, uint? accept)
    {
        var request = CoapMessage.Request(CoapCode.Get, $"/{device}/light").WithOption(CoapOptionNumber.Observe, 0);
        if (accept is { } format)
            request.WithOption(CoapOptionNumber.Accept, format);
        request.Token = CoapToken.FromUInt64(number);
        return request.ToBytes();
    }

    private static Func<CoapMessage, bool> IsOf(byte value, uint? accept = null) => message =>
        message.Observe is not null && message.Payload.Span.SequenceEqual(accept is null ? [value] : [(byte)('0' + value)]);

    private static byte[] Value(CoapToken token, byte value)
    {
        var message = CoapMessage.Response(CoapCode.Content).WithPayload(new[] { value }, CoapContentFormat.OcfCbor).WithOption(CoapOptionNumber.Observe, 10u + value);
        message.Token = token;
        return message.ToBytes();
    }
}
