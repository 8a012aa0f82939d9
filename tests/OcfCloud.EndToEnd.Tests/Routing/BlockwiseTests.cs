using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Routing;

/// <summary>device-to-cloud.md, 2: large bodies between peers that take blocks and peers that do not, hop by hop.</summary>
public sealed class BlockwiseTests(QuietCloud fixture) : IClassFixture<QuietCloud>
{
    private static readonly WireOptions NoCsm = new() { SendCsm = false };
    private static readonly WireOptions Small = new() { MaxMessageSize = 1152 };

    private CloudUser User => fixture.User;

    [Fact]
    public async Task A_large_answer_of_a_device_reaches_a_small_client_in_blocks()
    {
        await using var pair = await Pair.JoinAsync(User, client: Small);
        var large = Cbor.Map(("text", new string('x', 9000)));
        pair.Device.Connection.OnRequest = request => WireRequest.Answer(request, "2.05", large);
        var answer = await Blocks.DownloadAsync(pair.Client.Connection, WireRequest.Of("GET", pair.PathOf("/light")));
        Assert.Equal(large, answer.Payload);
        Assert.All(pair.Client.Connection.Received, m => Assert.True(WireCodec.Encode(m).Length <= 1152));

        // The device was asked once.
        Assert.Equal(1, pair.Device.Connection.Received.Count(m => m.IsRequest));
    }

    [Fact]
    public async Task A_client_may_ask_for_smaller_blocks()
    {
        await using var pair = await Pair.JoinAsync(User);
        var large = Cbor.Map(("text", new string('x', 700)));
        pair.Device.Connection.OnRequest = request => WireRequest.Answer(request, "2.05", large);
        var request = WireRequest.Of("GET", pair.PathOf("/light")).With(WireOption.OfNumber(Blocks.Block2, Blocks.Of(0, false, 2)));
        var first = await pair.Client.Connection.RequestAsync(request);
        Assert.Equal(64, first.Payload.Length);
        Assert.Equal((0u, true, 2), Blocks.Parse(first.Find(Blocks.Block2)!.Value));
        var got = await pair.Device.NextRequestAsync();
        Assert.DoesNotContain(got.Options, o => o.Number is Blocks.Block1 or Blocks.Block2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_large_answer_for_a_client_without_blocks_is_4_13(bool csm)
    {
        await using var pair = await Pair.JoinAsync(User, client: csm ? Small with { BlockWise = false } : NoCsm);
        pair.Device.Connection.OnRequest = request => WireRequest.Answer(request, "2.05", Cbor.Map(("text", new string('x', 9000))));
        Assert.Equal("4.13", (await pair.Client.RequestAsync("GET", pair.PathOf("/light"))).CodeText);
        pair.Device.Connection.OnRequest = request => WireRequest.Answer(request, "2.05", Cbor.Map(("text", new string('x', csm ? 1000 : 8000))));
        Assert.Equal("2.05", (await pair.Client.RequestAsync("GET", pair.PathOf("/light"))).CodeText);
    }

    [Fact]
    public async Task A_device_that_answers_in_blocks_is_read_whole()
    {
        await using var pair = await Pair.JoinAsync(User, device: Small);
        var large = Cbor.Map(("text", new string('x', 5000)));
        pair.Device.Connection.OnRequest = request =>
        {
            var (number, _, exponent) = Blocks.Parse(request.Find(Blocks.Block2) ?? 6);
            var from = (int)number * Blocks.SizeOf(exponent);
            var to = Math.Min(from + Blocks.SizeOf(exponent), large.Length);
            return WireRequest.Answer(request, "2.05", large[from..to]).With(WireOption.OfNumber(Blocks.Block2, Blocks.Of(number, to < large.Length, exponent)));
        };
        var answer = await pair.Client.RequestAsync("GET", pair.PathOf("/light"));
        Assert.Equal(large, answer.Payload);
        Assert.Null(answer.Find(Blocks.Block2));
    }

    [Fact]
    public async Task A_large_body_goes_to_a_small_device_in_blocks()
    {
        await using var pair = await Pair.JoinAsync(User, device: Small);
        var received = new List<byte>();
        pair.Device.Connection.OnRequest = request =>
        {
            Assert.True(WireCodec.Encode(request).Length <= 1152);
            var block = request.Find(Blocks.Block1)!.Value;
            received.AddRange(request.Payload);
            return WireRequest.Answer(request, Blocks.Parse(block).More ? "2.31" : "2.04").With(WireOption.OfNumber(Blocks.Block1, block));
        };
        var large = Cbor.Map(("text", new string('x', 5000)));
        Assert.Equal("2.04", (await pair.Client.RequestAsync("POST", pair.PathOf("/light"), large)).CodeText);
        Assert.Equal(large, received);
    }

    [Fact]
    public async Task A_body_that_comes_in_blocks_goes_whole_to_a_device_without_them_up_to_8_KiB()
    {
        await using var pair = await Pair.JoinAsync(User, device: NoCsm);
        var fits = Cbor.Map(("text", new string('x', 8000)));
        Assert.Equal("2.04", (await Blocks.UploadAsync(pair.Client.Connection, WireRequest.Of("POST", pair.PathOf("/light"), fits), exponent: 6)).CodeText);
        var got = await pair.Device.NextRequestAsync();
        Assert.Equal(fits, got.Payload);
        Assert.DoesNotContain(got.Options, o => o.Number is Blocks.Block1 or Blocks.Block2 or 60);

        var over = Cbor.Map(("text", new string('x', 8200)));
        Assert.Equal("4.13", (await pair.Client.RequestAsync("POST", pair.PathOf("/light"), over)).CodeText);
        Assert.Equal("4.13", (await Blocks.UploadAsync(pair.Client.Connection, WireRequest.Of("POST", pair.PathOf("/light"), over), exponent: 6)).CodeText);
        await pair.AssertNothingReachedTheDeviceAsync();
    }

    [Fact]
    public async Task Blocks_that_are_missing_or_come_without_the_CSM_option_are_refused()
    {
        await using var pair = await Pair.JoinAsync(User);
        var body = new byte[1024];
        WireMessage Block(uint value) => WireRequest.Of("POST", pair.PathOf("/light"), body).With(WireOption.OfNumber(Blocks.Block1, value));
        Assert.Equal("2.31", (await pair.Client.Connection.RequestAsync(Block(Blocks.Of(0, true, 6)))).CodeText);
        Assert.Equal("4.08", (await pair.Client.Connection.RequestAsync(Block(Blocks.Of(2, false, 6)))).CodeText);
        await pair.AssertNothingReachedTheDeviceAsync();

        await pair.Client.ReturnAsync(new WireOptions { BlockWise = false });
        Assert.Equal("4.02", (await pair.Client.Connection.RequestAsync(Block(Blocks.Of(0, true, 6)))).CodeText);
    }

    [Fact]
    public async Task A_missing_block_of_a_publish_is_none_of_the_codes_that_devices_take_for_success()
    {
        await using var pair = await Pair.JoinAsync(User);
        var request = WireRequest.Of("POST", "/oic/rd", new byte[64]).With(WireOption.OfNumber(Blocks.Block1, Blocks.Of(3, false, 2)));
        Assert.Equal("4.00", (await pair.Device.Connection.RequestAsync(request)).CodeText);
        var publish = WireRequest.Of("POST", "/oic/rd", pair.Device.PublishPayload());
        Assert.Equal("2.04", (await Blocks.UploadAsync(pair.Device.Connection, publish, exponent: 1)).CodeText);
    }

    [Fact]
    public async Task A_large_notification_reaches_its_observer_whole_or_in_blocks()
    {
        await using var pair = await Pair.JoinAsync(User, client: Small);
        await using var roomy = new TestDevice(fixture.Cloud);
        await roomy.JoinAsync(User);
        var small = await pair.Client.ObserveAsync(pair.PathOf("/light"));
        var whole = await roomy.ObserveAsync(pair.PathOf("/light"));
        await small.NextMapAsync();
        await whole.NextMapAsync();
        pair.Light.Change(new Dictionary<string, object?> { ["text"] = new string('x', 3000) });
        Assert.Equal(3000, ((string)(await whole.NextMapAsync())["text"]!).Length);
        var first = await small.NextAsync();
        Assert.NotNull(first.Find(WireOption.Observe));
        var (_, more, exponent) = Blocks.Parse(first.Find(Blocks.Block2)!.Value);
        Assert.True(more);

        // RFC 7959, 2.6: the rest is asked for by requests of its own, without Observe.
        var payload = first.Payload.ToList();
        while (more)
        {
            var rest = await pair.Client.Connection.RequestAsync(
                WireRequest.Of("GET", pair.PathOf("/light")).With(WireOption.OfNumber(Blocks.Block2, Blocks.Of((uint)(payload.Count / Blocks.SizeOf(exponent)), false, exponent))));
            Assert.Equal("2.05", rest.CodeText);
            payload.AddRange(rest.Payload);
            more = Blocks.Parse(rest.Find(Blocks.Block2)!.Value).More;
        }

        Assert.Equal(3000, ((string)Cbor.DecodeMap([.. payload])["text"]!).Length);
    }
}
