using Microsoft.Extensions.Time.Testing;
using OcfCloud.Coap.Tests.Support;

namespace OcfCloud.Coap.Tests.Blockwise;

/// <summary>The answering side, message by message.</summary>
public class BlockwiseTransfersTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private readonly CoapPeer _peer = new() { BlockWise = true, CsmReceived = true };
    private readonly BlockwiseTransfers _transfers;

    public BlockwiseTransfersTests() => _transfers = new BlockwiseTransfers(_peer, 4096, Lifetime, _time, maxTransfers: 2);

    [Fact]
    public void A_request_without_blocks_is_whole_as_it_is()
    {
        var request = Get();
        Assert.True(_transfers.TryTake(request, out var whole, out var answer));
        Assert.Same(request, whole);
        Assert.Null(answer);
    }

    [Fact]
    public void An_upload_is_asked_on_block_by_block_and_comes_out_whole() // RFC 7959, figure 7.
    {
        Assert.Equal((CoapCode.Continue, new BlockOption(0, true, 3)), Said(Put(0, true, 3, 128)));
        Assert.Equal((CoapCode.Continue, new BlockOption(1, true, 3)), Said(Put(1, true, 3, 128)));
        var last = Put(2, false, 3, 20);
        Assert.True(_transfers.TryTake(last, out var whole, out _));
        Assert.Equal(276, whole!.Payload.Length);
        Assert.Equal(last.Token, whole.Token);
        Assert.DoesNotContain(whole.Options, o => BlockwiseKey.IsBlock(o.Key));
        Assert.Equal("/a", whole.Path);

        var answer = _transfers.Fit(last, CoapMessage.Response(CoapCode.Changed), 1152);

        Assert.Equal((CoapCode.Changed, new BlockOption(2, false, 3)), (answer.Code, answer.Block1!.Value));
    }

    [Fact]
    public void A_BERT_upload_counts_in_1024() // RFC 8323, 6.2, in smaller numbers.
    {
        Assert.Equal((CoapCode.Continue, new BlockOption(0, true, 7)), Said(Put(0, true, 7, 2048)));
        Assert.Equal((CoapCode.Continue, new BlockOption(2, true, 7)), Said(Put(2, true, 7, 1024)));
        Assert.True(_transfers.TryTake(Put(3, false, 7, 1000), out var whole, out _));
        Assert.Equal(4072, whole!.Payload.Length);
    }

    [Fact]
    public void A_block_that_is_not_the_next_one_is_4_08_and_ends_the_upload()
    {
        Said(Put(0, true, 3, 128));
        Assert.Equal(CoapCode.RequestEntityIncomplete, Refused(Put(2, true, 3, 128)));
        Assert.Equal(CoapCode.RequestEntityIncomplete, Refused(Put(1, true, 3, 128)));
        Assert.Equal(CoapCode.RequestEntityIncomplete, Refused(Put(7, false, 3, 1)));
    }

    [Theory]
    [InlineData(true, 3, 127)]
    [InlineData(true, 3, 129)]
    [InlineData(false, 3, 129)]
    [InlineData(true, 3, 0)]
    [InlineData(true, 7, 1023)]
    [InlineData(true, 7, 1025)]
    [InlineData(true, 7, 0)]
    public void A_payload_that_is_not_a_block_of_its_size_is_4_00(bool more, int exponent, int size) =>
        Assert.Equal(CoapCode.BadRequest, Refused(Put(0, more, exponent, size)));

    [Fact]
    public void Too_large_a_body_is_4_13_with_what_would_be_taken()
    {
        for (uint i = 0; i < 4; i++)
            Said(Put(i, true, 6, 1024));
        Assert.False(_transfers.TryTake(Put(4, false, 6, 1), out _, out var answer));
        Assert.Equal(CoapCode.RequestEntityTooLarge, answer!.Code);
        Assert.Equal(4096u, answer.Options.UInt32(CoapOptionNumber.Size1));
    }

    [Fact]
    public void Too_large_a_body_is_refused_as_soon_as_its_size_is_said()
    {
        Assert.Equal(CoapCode.RequestEntityTooLarge, Refused(Put(0, true, 6, 1024).WithOption(CoapOptionNumber.Size1, 4097)));
        Assert.Equal(CoapCode.Continue, Refused(Put(0, true, 6, 1024).WithOption(CoapOptionNumber.Size1, 4096)));
    }

    [Fact]
    public void Blocks_of_a_peer_that_never_said_it_can_are_4_02()
    {
        _peer.BlockWise = false;
        Assert.Equal(CoapCode.BadOption, Refused(Put(0, true, 6, 1024)));
        Assert.Equal(CoapCode.BadOption, Refused(Get(new BlockOption(0, false, 6))));
    }

    [Fact]
    public void An_unreadable_or_repeated_block_option_is_4_02()
    {
        var longOption = Get();
        longOption.Options.Add(CoapOptionNumber.Block2, new byte[] { 1, 0, 0, 0 });
        Assert.Equal(CoapCode.BadOption, Refused(longOption));
        Assert.Equal(CoapCode.BadOption, Refused(Put(0, true, 6, 1024).WithOption(CoapOptionNumber.Block1, 0)));
    }

    [Fact]
    public void A_first_block_begins_anew()
    {
        Said(Put(0, true, 3, 128, fill: 1));
        Said(Put(0, true, 3, 128, fill: 2));
        _transfers.TryTake(Put(1, false, 3, 1, fill: 3), out var whole, out _);
        Assert.Equal(129, whole!.Payload.Length);
        Assert.Equal(2, whole.Payload.Span[0]);
    }

    [Fact]
    public void Uploads_to_different_resources_do_not_mix()
    {
        Said(Put(0, true, 3, 128, path: "/a", fill: 1));
        Said(Put(0, true, 3, 128, path: "/b", fill: 2));
        _transfers.TryTake(Put(1, false, 3, 1, path: "/a"), out var a, out _);
        _transfers.TryTake(Put(1, false, 3, 1, path: "/b"), out var b, out _);
        Assert.Equal((1, 2), (a!.Payload.Span[0], b!.Payload.Span[0]));
    }

    [Fact]
    public void A_token_of_its_own_for_each_block_is_right()
    {
        var first = Put(0, true, 3, 128);
        first.Token = CoapToken.FromUInt64(1);
        var second = Put(1, false, 3, 1);
        second.Token = CoapToken.FromUInt64(2);
        _transfers.TryTake(first, out _, out var answer);
        Assert.Equal(first.Token, answer!.Token);
        Assert.True(_transfers.TryTake(second, out var whole, out _));
        Assert.Equal(second.Token, whole!.Token);
    }

    [Fact]
    public void A_rested_upload_is_forgotten()
    {
        Said(Put(0, true, 3, 128));
        _time.Advance(Lifetime - TimeSpan.FromSeconds(1));
        Said(Put(1, true, 3, 128));
        _time.Advance(Lifetime - TimeSpan.FromSeconds(1));
        Said(Put(2, true, 3, 128));
        _time.Advance(Lifetime);
        Assert.Equal(CoapCode.RequestEntityIncomplete, Refused(Put(3, true, 3, 128)));
    }

    [Fact]
    public void More_uploads_than_allowed_cost_the_one_that_rested_longest()
    {
        foreach (var path in new[] { "/a", "/b", "/c" })
        {
            Said(Put(0, true, 3, 128, path));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(CoapCode.RequestEntityIncomplete, Refused(Put(1, true, 3, 128, "/a")));
        Assert.Equal(CoapCode.Continue, Refused(Put(1, true, 3, 128, "/b")));
        Assert.Equal(CoapCode.Continue, Refused(Put(1, true, 3, 128, "/c")));
    }

    [Fact]
    public void An_answer_that_fits_goes_as_it_is()
    {
        var answer = Content(500);
        Assert.Same(answer, _transfers.Fit(Get(), answer, 1152));
    }

    [Fact]
    public void The_whole_message_counts_the_asker_s_token_too()
    {
        var answer = Content(500);
        answer.Token = CoapToken.FromUInt64(1);
        Assert.Null(_transfers.Fit(Get(), answer, answer.Size).Block2);
        Assert.NotNull(_transfers.Fit(Get(), answer, answer.Size - 1).Block2);
        var request = Get();
        request.Token = answer.Token;
        answer.Token = default;
        Assert.Null(_transfers.Fit(request, answer, answer.Size + 8).Block2);
        Assert.NotNull(_transfers.Fit(request, answer, answer.Size + 7).Block2);
    }

    [Fact]
    public void A_large_answer_goes_in_blocks_of_one_body()
    {
        var body = Content(3000);
        var first = _transfers.Fit(Get(), body, 1152);
        Assert.Equal(new BlockOption(0, true, 6), first.Block2);
        Assert.Equal(3000u, first.Options.UInt32(CoapOptionNumber.Size2));
        Assert.Equal(60, (int)first.ContentFormat!);
        var tag = Assert.Single(first.Options.All(CoapOptionNumber.ETag)).ToArray();

        var second = Later(1, 6);
        var third = Later(2, 6);

        Assert.Equal(new BlockOption(1, true, 6), second.Block2);
        Assert.Equal(new BlockOption(2, false, 6), third.Block2);
        Assert.All(new[] { second, third }, b => Assert.Equal(tag, Assert.Single(b.Options.All(CoapOptionNumber.ETag)).ToArray()));
        byte[] together = [.. first.Payload.Span, .. second.Payload.Span, .. third.Payload.Span];
        Assert.Equal(body.Payload.ToArray(), together);
    }

    [Fact]
    public void The_asker_may_want_smaller_blocks_from_the_start_or_later()
    {
        var first = _transfers.Fit(Get(new BlockOption(0, false, 4)), Content(3000), 1152);
        Assert.Equal(new BlockOption(0, true, 4), first.Block2);
        Assert.Equal(256, first.Payload.Length);
        Assert.Equal(new BlockOption(8, true, 1), Later(8, 1).Block2);
    }

    [Fact]
    public void Larger_blocks_than_the_asker_takes_are_made_smaller_at_the_same_place()
    {
        var whole = Content(3000);
        _transfers.Fit(Get(), whole, 400);
        var second = Later(1, 6);
        Assert.Equal(new BlockOption(4, true, 4), second.Block2);
        Assert.True(second.Payload.Span.SequenceEqual(whole.Payload.Span.Slice(1024, 256)));
    }

    [Fact]
    public void An_asked_for_block_is_given_even_where_the_answer_would_fit()
    {
        var answer = _transfers.Fit(Get(new BlockOption(0, false, 6)), Content(100), 1152);
        Assert.Equal(new BlockOption(0, false, 6), answer.Block2);
        Assert.Equal(100, answer.Payload.Length);
    }

    [Fact]
    public void BERT_is_for_peers_that_announced_more_than_the_base_size()
    {
        Assert.Equal(6, _transfers.Fit(Get(), Content(10_000), 8192).Block2!.Value.Exponent);
        Assert.Equal(6, _transfers.Fit(Get(new BlockOption(0, false, 7)), Content(10_000), 8192).Block2!.Value.Exponent);
        _peer.Announce(8192);
        var first = _transfers.Fit(Get(), Content(10_000), 8192);
        Assert.Equal(new BlockOption(0, true, 7), first.Block2);
        Assert.Equal(7168, first.Payload.Length);
        Assert.Equal(new BlockOption(7, false, 7), Later(7, 7).Block2);
    }

    [Fact]
    public void A_later_block_that_is_not_kept_is_read_again_and_cut_there()
    {
        var request = Get(new BlockOption(2, false, 6));
        Assert.True(_transfers.TryTake(request, out var whole, out _));
        Assert.Null(whole!.Block2);
        var answer = _transfers.Fit(request, Content(3000), 1152);
        Assert.Equal(new BlockOption(2, false, 6), answer.Block2);
        Assert.Equal(952, answer.Payload.Length);
    }

    [Fact]
    public void A_later_block_of_what_a_POST_did_is_4_08_when_it_is_not_kept()
    {
        var request = CoapMessage.Request(CoapCode.Post, "/a").WithOption(CoapOptionNumber.Block2, new BlockOption(1, false, 6).Value);
        Assert.Equal(CoapCode.RequestEntityIncomplete, Refused(request));
        _transfers.Fit(CoapMessage.Request(CoapCode.Post, "/a"), Content(3000), 1152);
        Assert.Equal(CoapCode.Content, Refused(request));
    }

    [Fact]
    public void A_block_behind_the_end_is_4_00()
    {
        _transfers.Fit(Get(), Content(3000), 1152);
        Assert.Equal(CoapCode.BadRequest, Refused(Get(new BlockOption(3, false, 6))));
        Assert.Equal(CoapCode.BadRequest, _transfers.Fit(Get(new BlockOption(3, false, 6)), Content(3000), 1152).Code);
        Assert.Equal(CoapCode.BadRequest, _transfers.Fit(Get(new BlockOption(BlockOption.MaxNumber, false, 6)), Content(3000), 200).Code);
    }

    [Fact]
    public void A_kept_answer_is_forgotten_after_its_last_block_and_after_its_lifetime()
    {
        _transfers.Fit(Get(), Content(2000), 1152);
        Later(1, 6);
        Assert.True(_transfers.TryTake(Get(new BlockOption(1, false, 6)), out _, out _));

        _transfers.Fit(Get(), Content(2000), 1152);
        _time.Advance(Lifetime);
        Assert.True(_transfers.TryTake(Get(new BlockOption(1, false, 6)), out _, out _));
    }

    [Fact]
    public void Nothing_is_kept_when_the_connection_ended()
    {
        Said(Put(0, true, 3, 128));
        _transfers.Fit(Get(), Content(2000), 1152);
        _transfers.Clear();
        Assert.Equal(CoapCode.RequestEntityIncomplete, Refused(Put(1, true, 3, 128)));
        Assert.True(_transfers.TryTake(Get(new BlockOption(1, false, 6)), out _, out _));
    }

    [Fact]
    public void A_peer_that_cannot_gets_4_13_and_a_reason()
    {
        _peer.BlockWise = false;
        var answer = Content(3000);
        answer.Token = CoapToken.FromUInt64(5);
        var refusal = _transfers.Fit(Get(), answer, 1152);
        Assert.Equal(CoapCode.RequestEntityTooLarge, refusal.Code);
        Assert.Equal(answer.Token, refusal.Token);
        Assert.NotEmpty(refusal.Diagnostic);
        Assert.Null(refusal.ContentFormat);
    }

    [Fact]
    public void A_message_size_that_holds_no_block_is_4_13()
    {
        var answer = Content(3000);
        answer.Options.Add(CoapOptionNumber.LocationPath, new string('x', 200));
        Assert.Equal(CoapCode.RequestEntityTooLarge, _transfers.Fit(Get(), answer, 150).Code);
        Assert.InRange(_transfers.Fit(Get(), answer, 400).SizeWith(8), 300, 400);
    }

    [Fact]
    public void Errors_are_not_cut_where_they_fit()
    {
        var error = CoapMessage.Response(CoapCode.NotFound).WithDiagnostic("no");
        Assert.Same(error, _transfers.Fit(Get(new BlockOption(0, false, 6)), error, 1152));
        Assert.Same(error, _transfers.Fit(Get(new BlockOption(3, false, 6)), error, 1152));
    }

    [Fact]
    public void A_notification_begins_with_its_first_block_and_the_rest_is_fetched_without_Observe() // RFC 7959, 2.6.
    {
        var registration = Get().WithOption(CoapOptionNumber.Observe, 0);
        registration.Token = CoapToken.FromUInt64(9);
        var notification = Content(2000).WithOption(CoapOptionNumber.Observe, 62_354);
        notification.Token = registration.Token;

        var first = _transfers.Fit(registration, notification, 1152);
        var second = Later(1, 6);

        Assert.Equal(62_354u, first.Observe);
        Assert.Equal(registration.Token, first.Token);
        Assert.Equal(new BlockOption(0, true, 6), first.Block2);
        Assert.Equal(new BlockOption(1, false, 6), second.Block2);
        Assert.Null(second.Observe);
    }

    [Fact]
    public void A_newer_notification_takes_the_place_of_the_kept_one_under_another_ETag()
    {
        var registration = Get().WithOption(CoapOptionNumber.Observe, 0);
        var one = _transfers.Fit(registration, Content(2000, fill: 1).WithOption(CoapOptionNumber.Observe, 1), 1152);
        _transfers.Fit(registration, Content(2000, fill: 2).WithOption(CoapOptionNumber.Observe, 2), 1152);
        var later = Later(1, 6);
        Assert.Equal(2, later.Payload.Span[0]);
        Assert.NotEqual(one.Options.All(CoapOptionNumber.ETag).Single().ToArray(), later.Options.All(CoapOptionNumber.ETag).Single().ToArray());
    }

    [Fact]
    public void An_ETag_of_the_answer_s_own_is_kept()
    {
        var answer = Content(2000);
        answer.Options.Add(CoapOptionNumber.ETag, new byte[] { 1, 2 });
        Assert.Equal(new byte[] { 1, 2 }, _transfers.Fit(Get(), answer, 1152).Options.All(CoapOptionNumber.ETag).Single().ToArray());
    }

    [Fact]
    public void An_answer_that_others_get_too_is_not_changed()
    {
        var answer = Content(3000);
        _transfers.Fit(Get(), answer, 1152);
        _transfers.Fit(Put(0, false, 6, 10), answer, 100_000);
        Assert.Equal(1, answer.Options.Count);
        Assert.Equal(3000, answer.Payload.Length);
    }

    private static CoapMessage Get(BlockOption? block = null)
    {
        var request = CoapMessage.Request(CoapCode.Get, "/a?b");
        return block is { } asked ? request.WithOption(CoapOptionNumber.Block2, asked.Value) : request;
    }

    private static CoapMessage Put(uint number, bool more, int exponent, int size, string path = "/a", byte fill = 7)
    {
        var payload = new byte[size];
        payload.AsSpan().Fill(fill);
        return CoapMessage.Request(CoapCode.Put, path).WithPayload(payload, CoapContentFormat.Cbor)
            .WithOption(CoapOptionNumber.Block1, new BlockOption(number, more, exponent).Value);
    }

    private static CoapMessage Content(int size, byte? fill = null)
    {
        var payload = Generators.Bytes(size);
        if (fill is { } value)
            payload.AsSpan().Fill(value);
        return CoapMessage.Response(CoapCode.Content).WithPayload(payload, CoapContentFormat.Cbor);
    }

    private (CoapCode Code, BlockOption Block) Said(CoapMessage request)
    {
        Assert.False(_transfers.TryTake(request, out var whole, out var answer));
        Assert.Null(whole);
        return (answer!.Code, answer.Block1!.Value);
    }

    private CoapCode Refused(CoapMessage request)
    {
        Assert.False(_transfers.TryTake(request, out var whole, out var answer));
        Assert.Null(whole);
        return answer!.Code;
    }

    private CoapMessage Later(uint number, int exponent)
    {
        Assert.False(_transfers.TryTake(Get(new BlockOption(number, false, exponent)), out _, out var answer));
        return answer!;
    }
}
