using OcfCloud.Coap;
using OcfCloud.DeviceGateway.Tests.Connections;

namespace OcfCloud.DeviceGateway.Tests.Routing;

public sealed class BlockwiseAnswerTests
{
    [Fact]
    public async Task A_device_that_goes_while_the_rest_of_its_answer_is_fetched_is_offline_to_the_asker()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, client, _) = await room.SignInAsync();
        var (connection, device, deviceId) = await room.SignInAsync();

        client.Feed(ConnectionRoom.Request(CoapCode.Get, $"/{deviceId}/long", 7));
        var first = CoapMessage.Response(CoapCode.Content).WithPayload(new byte[16], CoapContentFormat.OcfCbor);
        first.Token = FedStream.Read(device.Take()).Token;
        first.Options.Add(CoapOptionNumber.Block2, new BlockOption(0, true, 0).Value);
        device.Feed(first.ToBytes());
        Assert.Equal(1u, FedStream.Read(await device.TakeWrittenAsync()).Block2!.Value.Number);

        // The connection ends a moment before its requests are told so.
        var ended = new TaskCompletionSource();
        await using var registered = connection.Ended.Register(ended.SetResult);
        connection.Coap.Close();
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        device.End();

        var answer = FedStream.Read(await client.TakeWrittenAsync());
        Assert.Equal((CoapCode.ServiceUnavailable, 7ul), (answer.Code, answer.Token.Value));
    }
}
