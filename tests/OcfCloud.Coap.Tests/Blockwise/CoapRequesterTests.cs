using OcfCloud.Coap.Tests.Support;

namespace OcfCloud.Coap.Tests.Blockwise;

/// <summary>The asking side against a peer whose every answer is written here.</summary>
public sealed class CoapRequesterTests : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly OneConnection _one = new();
    private readonly CoapRequester _requester;

    public CoapRequesterTests() => _requester = new CoapRequester(_one.Connection, maxBody: 100_000);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _one.Peer.ReceiveAsync(CoapCode.Csm);

    public async ValueTask DisposeAsync() => await _one.DisposeAsync();

    [Fact]
    public async Task A_request_that_fits_goes_whole_and_so_does_its_answer()
    {
        var answer = Ask(Post(5000));
        var request = await ReceiveAsync();
        Assert.Equal(5000, request.Payload.Length);
        Assert.Null(request.Block1);
        Assert.Equal(8, request.Token.Length);

        await AnswerAsync(request, CoapCode.Changed);

        Assert.Equal(CoapCode.Changed, (await answer.Soon()).Code);
    }

    [Fact]
    public async Task The_caller_s_message_is_left_as_it_is()
    {
        var request = Post(10).WithOption(CoapOptionNumber.Block1, 3);
        var answer = Ask(request);
        Assert.Null((await AnswerNextAsync(CoapCode.Changed)).Block1);
        await answer.Soon();
        Assert.Equal(default, request.Token);
        Assert.NotNull(request.Block1);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2000)]
    public async Task Without_Block_Wise_Transfer_a_request_larger_than_the_peer_takes_is_not_sent(int? announced)
    {
        await CsmAsync(announced, blockWise: false);
        Assert.Equal(CoapRequestFailure.TooLarge, await FailureAsync(Ask(Post(10_000))));
        Assert.Equal(0, _one.Connection.Requests.InFlight);
    }

    [Fact]
    public async Task An_upload_tells_its_size_once_and_repeats_its_options() // RFC 7959, 2.3 and figure 7.
    {
        await CsmAsync(300);
        var answer = Ask(Post(400));
        Assert.Equal(400u, (await UploadAsync(new BlockOption(0, true, 3))).Options.UInt32(CoapOptionNumber.Size1));
        var middle = await UploadAsync(new BlockOption(1, true, 3));
        Assert.Null(middle.Options.UInt32(CoapOptionNumber.Size1));
        Assert.Equal("/a", middle.Path);
        Assert.Equal(60, (int)middle.ContentFormat!);
        await UploadAsync(new BlockOption(2, true, 3));
        await UploadAsync(new BlockOption(3, false, 3), CoapCode.Changed);

        Assert.Equal(CoapCode.Changed, (await answer.Soon()).Code);
    }

    [Fact]
    public async Task The_peer_may_ask_for_smaller_blocks_after_the_first() // RFC 7959, figure 9.
    {
        await CsmAsync(300);
        var answer = Ask(Post(300));
        await UploadAsync(new BlockOption(0, true, 3), said: new BlockOption(0, true, 1));
        await UploadAsync(new BlockOption(4, true, 1));
        for (uint i = 5; i < 9; i++)
            await UploadAsync(new BlockOption(i, true, 1));
        await UploadAsync(new BlockOption(9, false, 1), CoapCode.Changed);
        await answer.Soon();
    }

    [Fact]
    public async Task BERT_carries_several_blocks_where_the_peer_takes_them() // RFC 8323, 6.2.
    {
        await CsmAsync(8192);
        var answer = Ask(Post(20_000));
        Assert.Equal(7168, (await UploadAsync(new BlockOption(0, true, 7))).Payload.Length);
        Assert.Equal(7168, (await UploadAsync(new BlockOption(7, true, 7))).Payload.Length);
        Assert.Equal(5664, (await UploadAsync(new BlockOption(14, false, 7), CoapCode.Changed)).Payload.Length);
        await answer.Soon();
    }

    [Fact]
    public async Task BERT_falls_back_to_what_the_peer_names()
    {
        await CsmAsync(8192);
        var answer = Ask(Post(9000));
        await UploadAsync(new BlockOption(0, true, 7), said: new BlockOption(0, true, 6));
        await UploadAsync(new BlockOption(7, true, 6));
        await UploadAsync(new BlockOption(8, false, 6), CoapCode.Changed);
        await answer.Soon();
    }

    [Fact]
    public async Task Each_block_may_be_answered_for_itself() // RFC 7959, figure 8: no 2.31.
    {
        await CsmAsync(1152);
        var answer = Ask(Post(2000));
        await UploadAsync(new BlockOption(0, true, 6), CoapCode.Changed);
        await UploadAsync(new BlockOption(1, false, 6), CoapCode.Changed);
        Assert.Equal(CoapCode.Changed, (await answer.Soon()).Code);
    }

    [Fact]
    public async Task A_4_13_that_names_a_smaller_size_begins_anew_with_it() // RFC 7959, 2.9.3.
    {
        await CsmAsync(1152);
        var answer = Ask(Post(2000));
        await UploadAsync(new BlockOption(0, true, 6), CoapCode.RequestEntityTooLarge, new BlockOption(0, false, 5));
        for (uint i = 0; i < 3; i++)
            await UploadAsync(new BlockOption(i, true, 5));
        await UploadAsync(new BlockOption(3, false, 5), CoapCode.Changed);
        Assert.Equal(CoapCode.Changed, (await answer.Soon()).Code);
    }

    [Fact]
    public async Task A_4_13_to_a_whole_request_that_names_a_size_goes_in_blocks()
    {
        await CsmAsync(8192);
        var answer = Ask(Post(1000));
        var whole = await ReceiveAsync();
        Assert.Null(whole.Block1);
        await AnswerAsync(whole, CoapCode.RequestEntityTooLarge, m => m.WithOption(CoapOptionNumber.Block1, new BlockOption(0, false, 5).Value));
        await UploadAsync(new BlockOption(0, true, 5));
        await UploadAsync(new BlockOption(1, false, 5), CoapCode.Changed);
        Assert.Equal(CoapCode.Changed, (await answer.Soon()).Code);
    }

    [Theory]
    [InlineData(4, 13)]
    [InlineData(4, 8)]
    [InlineData(4, 1)]
    [InlineData(5, 3)]
    public async Task Any_other_error_in_the_middle_is_the_answer(int @class, int detail)
    {
        await CsmAsync(1152);
        var answer = Ask(Post(5000));
        await UploadAsync(new BlockOption(0, true, 6));
        await UploadAsync(new BlockOption(1, true, 6), new CoapCode(@class, detail));
        Assert.Equal(new CoapCode(@class, detail), (await answer.Soon()).Code);
    }

    [Fact]
    public async Task An_upload_block_answered_by_another_number_or_none_is_malformed()
    {
        await CsmAsync(1152);
        var answer = Ask(Post(5000));
        await UploadAsync(new BlockOption(0, true, 6), said: new BlockOption(1, true, 6));
        Assert.Equal(CoapRequestFailure.Malformed, await FailureAsync(answer));

        answer = Ask(Post(5000));
        await AnswerNextAsync(CoapCode.Changed);
        Assert.Equal(CoapRequestFailure.Malformed, await FailureAsync(answer));
    }

    [Fact]
    public async Task A_download_repeats_the_options_and_neither_body_nor_Observe() // RFC 7959, 2.4, 3.3.
    {
        var answer = Ask(CoapMessage.Request(CoapCode.Post, "/a?x=1").WithPayload("ask"u8.ToArray(), 60).WithOption(CoapOptionNumber.Observe, 1));
        await DownloadAsync(new BlockOption(0, true, 6), 1024, CoapCode.Changed);
        var second = await DownloadAsync(new BlockOption(1, false, 6), 10, CoapCode.Changed);
        Assert.Equal(new BlockOption(1, false, 6), second.Block2);
        Assert.Equal(["x=1"], second.UriQuery);
        Assert.Equal(60, (int)second.ContentFormat!);
        Assert.True(second.Payload.IsEmpty);
        Assert.Null(second.Observe);

        var whole = await answer.Soon();

        Assert.Equal(1034, whole.Payload.Length);
        Assert.DoesNotContain(whole.Options, o => BlockwiseKey.IsBlock(o.Key));
    }

    [Fact]
    public async Task A_BERT_download_goes_on_behind_all_its_blocks() // RFC 8323, 6.1.
    {
        var answer = Ask(Get());
        await DownloadAsync(new BlockOption(0, true, 7), 3072);
        Assert.Equal(new BlockOption(3, false, 7), (await DownloadAsync(new BlockOption(3, true, 7), 5120)).Block2);
        Assert.Equal(new BlockOption(8, false, 7), (await DownloadAsync(new BlockOption(8, false, 7), 4711)).Block2);
        Assert.Equal(12_903, (await answer.Soon()).Payload.Length);
    }

    [Fact]
    public async Task The_size_that_the_caller_wants_is_asked_for()
    {
        var answer = Ask(Get().WithOption(CoapOptionNumber.Block2, new BlockOption(0, false, 2).Value));
        Assert.Equal(new BlockOption(0, false, 2), (await DownloadAsync(new BlockOption(0, true, 2), 64)).Block2);
        Assert.Equal(new BlockOption(1, false, 2), (await DownloadAsync(new BlockOption(1, false, 2), 1)).Block2);
        Assert.Equal(65, (await answer.Soon()).Payload.Length);
    }

    [Fact]
    public async Task The_peer_may_go_on_with_smaller_blocks() // RFC 7959, 2.4.
    {
        var answer = Ask(Get());
        await DownloadAsync(new BlockOption(0, true, 3), 128);
        await DownloadAsync(new BlockOption(2, true, 2), 64);
        Assert.Equal(new BlockOption(3, false, 2), (await DownloadAsync(new BlockOption(3, false, 2), 10)).Block2);
        Assert.Equal(202, (await answer.Soon()).Payload.Length);
    }

    [Fact]
    public async Task A_resource_that_changes_meanwhile_is_read_anew_once()
    {
        var answer = Ask(Get());
        await DownloadAsync(new BlockOption(0, true, 6), 1024, tag: 1);
        await DownloadAsync(new BlockOption(1, false, 6), 5, tag: 2);
        Assert.Equal(new BlockOption(0, false, 6), (await DownloadAsync(new BlockOption(0, true, 6), 1024, tag: 2)).Block2);
        await DownloadAsync(new BlockOption(1, false, 6), 7, tag: 2);
        Assert.Equal(1031, (await answer.Soon()).Payload.Length);
    }

    [Fact]
    public async Task A_resource_that_changes_again_is_given_up()
    {
        var answer = Ask(Get());
        await DownloadAsync(new BlockOption(0, true, 6), 1024, tag: 1);
        await DownloadAsync(new BlockOption(1, false, 6), 5, tag: 2);
        await DownloadAsync(new BlockOption(0, true, 6), 1024, tag: 2);
        await DownloadAsync(new BlockOption(1, false, 6), 5, tag: 3);
        Assert.Equal(CoapRequestFailure.Malformed, await FailureAsync(answer));
    }

    [Fact]
    public async Task What_a_POST_answered_is_not_asked_anew()
    {
        var answer = Ask(Post(10));
        await DownloadAsync(new BlockOption(0, true, 6), 1024, CoapCode.Changed, tag: 1);
        await DownloadAsync(new BlockOption(1, false, 6), 5, CoapCode.Changed, tag: 2);
        Assert.Equal(CoapRequestFailure.Malformed, await FailureAsync(answer));
    }

    [Theory]
    [InlineData(1, true, 6, 1024)] // Not the first block.
    [InlineData(0, true, 6, 1000)] // Not a whole block.
    [InlineData(0, false, 6, 1025)]
    [InlineData(0, true, 7, 0)]
    public async Task Blocks_that_make_no_body_are_malformed(uint number, bool more, int exponent, int size)
    {
        var answer = Ask(Get());
        await DownloadAsync(new BlockOption(number, more, exponent), size);
        Assert.Equal(CoapRequestFailure.Malformed, await FailureAsync(answer));
    }

    [Fact]
    public async Task A_block_option_that_is_none_is_malformed()
    {
        var answer = Ask(Get());
        await AnswerAsync(await ReceiveAsync(), CoapCode.Content, m => m.Options.Add(CoapOptionNumber.Block2, new byte[] { 1, 0, 0, 0 }));
        Assert.Equal(CoapRequestFailure.Malformed, await FailureAsync(answer));
    }

    [Fact]
    public async Task A_later_block_without_its_option_is_malformed()
    {
        var answer = Ask(Get());
        await DownloadAsync(new BlockOption(0, true, 6), 1024);
        await AnswerNextAsync(CoapCode.Content);
        Assert.Equal(CoapRequestFailure.Malformed, await FailureAsync(answer));
    }

    [Fact]
    public async Task An_error_in_the_middle_of_a_download_is_the_answer()
    {
        var answer = Ask(Get());
        await DownloadAsync(new BlockOption(0, true, 6), 1024);
        await AnswerNextAsync(CoapCode.RequestEntityIncomplete);
        Assert.Equal(CoapCode.RequestEntityIncomplete, (await answer.Soon()).Code);
    }

    [Fact]
    public async Task More_than_the_asker_takes_is_too_large_announced_or_not()
    {
        var answer = Ask(Get());
        await AnswerAsync(await ReceiveAsync(), CoapCode.Content, m => Block(m, new BlockOption(0, true, 7), 1024).WithOption(CoapOptionNumber.Size2, 100_001));
        Assert.Equal(CoapRequestFailure.TooLarge, await FailureAsync(answer));

        answer = Ask(Get());
        await DownloadAsync(new BlockOption(0, true, 7), 65_536);
        await DownloadAsync(new BlockOption(64, true, 7), 65_536);
        Assert.Equal(CoapRequestFailure.TooLarge, await FailureAsync(answer));
    }

    [Fact]
    public async Task No_answer_in_time_is_timed_out_and_the_late_one_dropped()
    {
        var answer = Ask(Get());
        var request = await ReceiveAsync();
        _one.Time.Advance(Timeout);
        Assert.Equal(CoapRequestFailure.TimedOut, await FailureAsync(answer));
        await AnswerAsync(request, CoapCode.Content);
        await _one.HandledAsync();
        Assert.Equal(0, _one.Connection.Requests.InFlight);
    }

    [Fact]
    public async Task Each_block_has_the_whole_time()
    {
        var answer = Ask(Get());
        var first = await ReceiveAsync();
        _one.Time.Advance(Timeout / 2);
        await AnswerAsync(first, CoapCode.Content, m => Block(m, new BlockOption(0, true, 6), 1024));
        var second = await ReceiveAsync();
        _one.Time.Advance(Timeout * 0.9);
        await AnswerAsync(second, CoapCode.Content, m => Block(m, new BlockOption(1, false, 6), 1));
        Assert.Equal(1025, (await answer.Soon()).Payload.Length);
    }

    [Fact]
    public async Task The_end_of_the_connection_ends_the_request()
    {
        var answer = Ask(Get());
        await ReceiveAsync();
        _one.Peer.End();
        Assert.Equal(CoapRequestFailure.ConnectionClosed, await FailureAsync(answer));
        await _one.Running.Soon();
        Assert.Equal(CoapRequestFailure.ConnectionClosed, await FailureAsync(Ask(Get())));
    }

    [Fact]
    public async Task Too_many_at_once_is_busy()
    {
        var waiting = Enumerable.Range(0, 64).Select(_ => Ask(Get())).ToArray();
        Assert.Equal(CoapRequestFailure.Busy, await FailureAsync(Ask(Get())));
        for (var i = 0; i < 64; i++)
            await AnswerNextAsync(CoapCode.Content);
        await Task.WhenAll(waiting).Soon();
    }

    [Fact]
    public async Task Who_gives_up_leaves_nothing_behind()
    {
        using var giveUp = new CancellationTokenSource();
        var answer = _requester.RequestAsync(Get(), Timeout, giveUp.Token);
        await ReceiveAsync();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer.Soon());
        Assert.Equal(0, _one.Connection.Requests.InFlight);
    }

    private static CoapMessage Get() => CoapMessage.Request(CoapCode.Get, "/a");

    private static CoapMessage Post(int size) => CoapMessage.Request(CoapCode.Post, "/a").WithPayload(Generators.Bytes(size), CoapContentFormat.Cbor);

    private static CoapMessage Block(CoapMessage answer, BlockOption block, int size)
    {
        answer.Payload = Generators.Bytes(size);
        return answer.WithOption(CoapOptionNumber.Block2, block.Value);
    }

    private static async Task<CoapRequestFailure> FailureAsync(Task<CoapMessage> answer) =>
        (await Assert.ThrowsAsync<CoapRequestException>(() => answer.Soon())).Failure;

    private Task<CoapMessage> Ask(CoapMessage request) => _requester.RequestAsync(request, Timeout, Cancelled);

    private async Task<CoapMessage> ReceiveAsync()
    {
        while (true)
        {
            var message = (await _one.Peer.ReceiveAsync())!;
            if (message.Code.IsRequest)
                return message;
        }
    }

    private async Task AnswerAsync(CoapMessage request, CoapCode code, Action<CoapMessage>? change = null)
    {
        var answer = new CoapMessage(code) { Token = request.Token };
        change?.Invoke(answer);
        await _one.Peer.SendAsync(answer);
    }

    private async Task<CoapMessage> AnswerNextAsync(CoapCode code)
    {
        var request = await ReceiveAsync();
        await AnswerAsync(request, code);
        return request;
    }

    private async Task CsmAsync(int? size, bool blockWise = true)
    {
        var csm = new CoapMessage(CoapCode.Csm) { Token = CoapToken.FromUInt64(1) };
        if (size is { } bytes)
            csm.Options.Add(2, (uint)bytes);
        if (blockWise)
            csm.Options.Add(4, ReadOnlyMemory<byte>.Empty);
        await _one.Peer.SendAsync(csm);
        await _one.HandledAsync();
    }

    /// <summary>Takes one block of an upload and answers it.</summary>
    private async Task<CoapMessage> UploadAsync(BlockOption expected, CoapCode? code = null, BlockOption? said = null)
    {
        var request = await ReceiveAsync();
        Assert.Equal(expected, request.Block1);
        await AnswerAsync(request, code ?? CoapCode.Continue, m => m.WithOption(CoapOptionNumber.Block1, (said ?? expected).Value));
        return request;
    }

    /// <summary>Answers the next request by a block.</summary>
    private async Task<CoapMessage> DownloadAsync(BlockOption block, int size, CoapCode? code = null, byte? tag = null)
    {
        var request = await ReceiveAsync();
        await AnswerAsync(request, code ?? CoapCode.Content, m =>
        {
            Block(m, block, size);
            if (tag is { } value)
                m.Options.Add(CoapOptionNumber.ETag, new[] { value });
        });
        return request;
    }
}
