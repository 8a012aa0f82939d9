using OcfCloud.Coap;
using OcfCloud.DeviceGateway.Tests.Connections;

namespace OcfCloud.DeviceGateway.Tests.Routing;

public sealed class RepeatedOptionTests
{
    [Fact]
    public async Task A_second_Accept_is_refused_and_never_reaches_the_device()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, client, _) = await room.SignInAsync();
        var (_, device, deviceId) = await room.SignInAsync();
        var request = CoapMessage.Request(CoapCode.Get, $"/{deviceId}/light");
        request.Token = CoapToken.FromUInt64(7);
        for (var i = 0; i < 2; i++)
            request.Options.Add(CoapOptionNumber.Accept, (uint)CoapContentFormat.OcfCbor);

        client.Feed(request.ToBytes());

        Assert.Equal(CoapCode.BadOption, FedStream.Read(client.Take()).Code);
        Assert.Equal(0, device.WrittenBytes);
    }
}
