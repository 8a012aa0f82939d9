using OcfCloud.Coap;
using OcfCloud.DeviceGateway.Tests.Connections;
using OcfCloud.DeviceGateway.Tests.Metrics;

namespace OcfCloud.DeviceGateway.Tests.Routing;

public sealed class RoutingAllocationTests
{
    private const int Rounds = 1000;

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task A_request_and_its_answer_pass_without_an_allocation(int depth)
    {
        using var collector = new Collector();
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, client, _) = await room.SignInAsync();
        var (_, device, deviceId) = await room.SignInAsync();
        var requests = Enumerable.Range(0, depth).SelectMany(i => ConnectionRoom.Request(CoapCode.Get, $"/{deviceId}/light", (ulong)i + 1)).ToArray();
        var answers = new byte[64 * depth];

        // Buffers, slots and code come into being before it counts.
        for (var i = 0; i < Rounds; i++)
            Exchange(client, device, requests, answers, depth);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
            Exchange(client, device, requests, answers, depth);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        // Measured they were all the same.
        Assert.True(collector.CountOf("ocfcloud.gateway.routing.duration") >= 2 * Rounds * depth);
    }

    private static void Exchange(FedStream client, FedStream device, byte[] requests, byte[] answers, int depth)
    {
        client.Feed(requests);
        var length = Answer(device.Take(), answers, depth);
        device.Feed(answers.AsMemory(0, length));
        Check(client.Take(), depth);
    }

    // As the device: an answer with OCF's format for each request that came.
    private static int Answer(ReadOnlySpan<byte> forwarded, Span<byte> answers, int depth)
    {
        var length = 0;
        for (var i = 0; i < depth; i++)
        {
            if (CoapFrameReader.Read(forwarded, 1 << 20, out var request, out var size) != CoapFrameStatus.Complete)
                throw new InvalidOperationException("The device got less than was asked.");
            var writer = new CoapFrameWriter(answers[length..], CoapCode.Content, request.Token);
            writer.WriteOption(CoapOptionNumber.ContentFormat, CoapContentFormat.OcfCbor);
            writer.WritePayload([0xa1, 0x61, 0x76, 0xf5]);
            length += writer.Finish();
            forwarded = forwarded[size..];
        }

        return length;
    }

    private static void Check(ReadOnlySpan<byte> answers, int depth)
    {
        for (var i = 0; i < depth; i++)
        {
            if (CoapFrameReader.Read(answers, 1 << 20, out var answer, out var size) != CoapFrameStatus.Complete
                || answer.Code != CoapCode.Content || answer.Token.Value != (ulong)i + 1 || answer.Payload.Length != 4)
            {
                throw new InvalidOperationException("The client got another answer.");
            }

            answers = answers[size..];
        }

        if (!answers.IsEmpty)
            throw new InvalidOperationException("The client got more than it asked.");
    }
}
