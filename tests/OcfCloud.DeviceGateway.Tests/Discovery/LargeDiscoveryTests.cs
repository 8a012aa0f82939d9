using OcfCloud.Coap;
using OcfCloud.DeviceGateway.Tests.Connections;
using OcfCloud.DeviceGateway.Tests.Resources;
using static OcfCloud.DeviceGateway.Tests.Directory.DirectoryRoom;

namespace OcfCloud.DeviceGateway.Tests.Discovery;

/// <summary>device-to-cloud.md, 7, on a connection whose peer announced nothing: it takes 8 KiB and no blocks.</summary>
public sealed class LargeDiscoveryTests
{
    [Fact]
    public async Task An_answer_that_the_peer_does_not_take_is_4_13_and_says_to_filter()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, stream, device) = await room.SignInAsync();
        var links = Enumerable.Range(0, 40).Select(i => Link($"/{i}", $"x.{i}").With("title", new string('t', 200))).ToArray();
        var body = Cbor.Encode(new Fields { ["di"] = device.ToString(), ["links"] = links, ["ttl"] = 0 });
        Assert.Equal(CoapCode.Changed, (await AskAsync(stream, CoapMessage.Request(CoapCode.Post, "/oic/rd").WithPayload(body, 10000))).Code);

        foreach (var observe in new uint?[] { null, 0 })
        {
            var request = CoapMessage.Request(CoapCode.Get, "/oic/res");
            if (observe is { } register) request.WithOption(CoapOptionNumber.Observe, register);
            var answer = await AskAsync(stream, request);
            Assert.Equal(CoapCode.RequestEntityTooLarge, answer.Code);
            Assert.Null(answer.ContentFormat);
            Assert.Null(answer.Observe);
            Assert.Contains("filter", answer.Diagnostic, StringComparison.Ordinal);
        }
        var filtered = await AskAsync(stream, CoapMessage.Request(CoapCode.Get, "/oic/res?rt=x.7"));
        Assert.Single(Cbor.DecodeList(filtered.Payload));
    }

    private static async Task<CoapMessage> AskAsync(FedStream stream, CoapMessage request)
    {
        request.Token = CoapToken.FromUInt64(1);
        stream.Feed(request.ToBytes());
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (stream.WrittenBytes == 0) await Task.Delay(1, deadline.Token);
        var written = stream.Take();
        Assert.Equal(CoapFrameStatus.Complete, CoapFrameReader.Read(written, written.Length, out var frame, out _));
        Assert.Equal(request.Token, frame.Token);
        return CoapMessage.From(frame);
    }
}
