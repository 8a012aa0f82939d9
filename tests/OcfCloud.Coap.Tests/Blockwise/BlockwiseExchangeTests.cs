using OcfCloud.Coap.Tests.Support;

namespace OcfCloud.Coap.Tests.Blockwise;

/// <summary>Both roles of RFC 7959 and of BERT (RFC 8323, 6) against each other.</summary>
public class BlockwiseExchangeTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(200, 10_000)]
    [InlineData(1152, 10_000)]
    [InlineData(1152, 1024)]
    [InlineData(2000, 100_000)]
    [InlineData(8192, 100_000)]
    [InlineData(65_536, 1_000_000)]
    [InlineData(262_144, 1_048_576)]
    public async Task A_large_answer_comes_whole_whatever_the_asker_takes(int takes, int size)
    {
        await using var pair = await ConnectedPair.OpenAsync(client: new CoapConnectionOptions { MaxMessageSize = takes });
        var body = Body(size);
        pair.AnswerBlockwise(_ => CoapMessage.Response(CoapCode.Content).WithPayload(body, CoapContentFormat.OcfCbor));

        var answer = await new CoapRequester(pair.Client).RequestAsync(CoapMessage.Request(CoapCode.Get, "/large?rt=x"), Timeout, Cancelled).Soon();

        Assert.Equal(CoapCode.Content, answer.Code);
        Assert.Equal(CoapContentFormat.OcfCbor, (int)answer.ContentFormat!);
        Assert.Null(answer.Block2);
        Assert.True(answer.Payload.Span.SequenceEqual(body));
        Assert.All(pair.ServerStream.Writes, w => Assert.True(w.Length <= takes * 4));
        Assert.All(Messages(pair.ServerStream), m => Assert.True(m.Size <= takes));
    }

    [Theory]
    [InlineData(200, 10_000)]
    [InlineData(1152, 10_000)]
    [InlineData(2000, 100_000)]
    [InlineData(8192, 100_000)]
    [InlineData(65_536, 1_000_000)]
    public async Task A_large_request_arrives_whole_whatever_the_peer_takes(int takes, int size)
    {
        await using var pair = await ConnectedPair.OpenAsync(server: new CoapConnectionOptions { MaxMessageSize = takes });
        var body = Body(size);
        CoapMessage? seen = null;
        pair.AnswerBlockwise(r =>
        {
            seen = r;
            return CoapMessage.Response(CoapCode.Changed);
        });

        var answer = await new CoapRequester(pair.Client)
            .RequestAsync(CoapMessage.Request(CoapCode.Post, "/large").WithPayload(body, CoapContentFormat.OcfCbor), Timeout, Cancelled).Soon();

        Assert.Equal(CoapCode.Changed, answer.Code);
        Assert.Null(answer.Block1);
        Assert.True(seen!.Payload.Span.SequenceEqual(body));
        Assert.Null(seen.Block1);
        Assert.All(pair.Handler.Requests, r => Assert.True(r.Size <= takes));
    }

    [Fact]
    public async Task Both_ways_can_be_large()
    {
        await using var pair = await ConnectedPair.OpenAsync(
            client: new CoapConnectionOptions { MaxMessageSize = 1152 }, server: new CoapConnectionOptions { MaxMessageSize = 1152 });
        pair.AnswerBlockwise(r => CoapMessage.Response(CoapCode.Changed).WithPayload(Reversed(r.Payload), CoapContentFormat.OctetStream));
        var body = Body(5000);

        var answer = await new CoapRequester(pair.Client)
            .RequestAsync(CoapMessage.Request(CoapCode.Post, "/reverse").WithPayload(body, CoapContentFormat.OctetStream), Timeout, Cancelled).Soon();

        Assert.Equal(Reversed(body), answer.Payload.ToArray());
    }

    private static byte[] Body(int size)
    {
        var body = new byte[size];
        new Random(size).NextBytes(body);
        return body;
    }

    private static byte[] Reversed(ReadOnlyMemory<byte> body)
    {
        var reversed = body.ToArray();
        Array.Reverse(reversed);
        return reversed;
    }

    private static List<CoapMessage> Messages(DuplexStream stream)
    {
        var bytes = stream.Writes.SelectMany(w => w).ToArray();
        var messages = new List<CoapMessage>();
        for (var start = 0; start < bytes.Length;)
        {
            Assert.Equal(CoapFrameStatus.Complete, CoapFrameReader.Read(bytes.AsSpan(start), int.MaxValue, out var frame, out var length));
            messages.Add(CoapMessage.From(frame));
            start += length;
        }

        return messages;
    }
}
