using OcfCloud.Coap.Tests.Support;

namespace OcfCloud.Coap.Tests.Connections;

public class CoapRequestTableTests
{
    private readonly CoapRequestTable _table = new(maxInFlight: 3);
    private readonly Receiver _receiver = new();

    [Fact]
    public void An_answer_finds_its_asker_and_brings_what_was_left_with_the_request()
    {
        var state = new CoapResponseState(CoapToken.FromUInt64(7), 42, "subject");
        Assert.True(_table.TryAdd(_receiver, state, 1000, keep: false, out var token));
        Assert.Equal(8, token.Length);
        Assert.Equal(1, _table.InFlight);

        Answer(token);

        Assert.Equal([(token, state)], _receiver.Answers);
        Assert.Equal(0, _table.InFlight);
    }

    [Fact]
    public void A_second_answer_is_dropped()
    {
        var token = Add();
        Answer(token);
        Answer(token);
        Assert.Single(_receiver.Answers);
    }

    [Fact]
    public void A_late_answer_does_not_hit_the_one_who_has_the_slot_now()
    {
        var late = Add(deadline: 10);
        _table.Sweep(10);
        var next = Add();
        Assert.Equal((uint)late.Value, (uint)next.Value);
        Assert.NotEqual(late, next);

        Answer(late);

        Assert.Empty(_receiver.Answers);
        Answer(next);
        Assert.Equal(next, Assert.Single(_receiver.Answers).Token);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("ffffffffffffffff")]
    [InlineData("00000000ffffffff")]
    [InlineData("0000000000000000")]
    public void An_answer_to_nothing_is_dropped(string token)
    {
        var asked = Add();
        Answer(CoapToken.From(Convert.FromHexString(token)));
        Answer(CoapToken.From(Convert.FromHexString(asked.ToString()).AsSpan(1)));
        Assert.Empty(_receiver.Answers);
        Assert.Equal(1, _table.InFlight);
    }

    [Fact]
    public void No_more_than_the_limit_wait_at_once()
    {
        var tokens = new[] { Add(), Add(), Add() };
        Assert.False(_table.TryAdd(_receiver, default, 1000, keep: false, out var none));
        Assert.Equal(default, none);

        Answer(tokens[1]);

        Add();
        Assert.Equal(3, _table.InFlight);
    }

    [Fact]
    public void Sweeping_tells_those_whose_time_is_up_and_no_others()
    {
        Add(deadline: 10);
        Add(deadline: 20);
        _table.Sweep(9);
        Assert.Empty(_receiver.Failures);
        _table.Sweep(10);
        Assert.Equal([CoapRequestFailure.TimedOut], _receiver.Failures);
        Assert.Equal(1, _table.InFlight);
    }

    [Fact]
    public void An_observation_stays_after_its_first_answer_without_a_deadline_and_outside_the_limit()
    {
        var token = Add(deadline: 10, keep: true);
        Answer(token);
        Assert.Equal(0, _table.InFlight);
        _table.Sweep(1_000_000);
        Answer(token);
        Assert.Equal(2, _receiver.Answers.Count);
        Assert.True(_table.Remove(token));
        Answer(token);
        Assert.Equal(2, _receiver.Answers.Count);
        Assert.Empty(_receiver.Failures);
        Assert.Equal(0, _table.InFlight);
    }

    [Fact]
    public void An_observation_without_a_first_answer_times_out()
    {
        Add(deadline: 10, keep: true);
        _table.Sweep(10);
        Assert.Equal([CoapRequestFailure.TimedOut], _receiver.Failures);
    }

    [Fact]
    public void A_request_that_waits_for_ever_counts_like_others()
    {
        var token = Add(deadline: long.MaxValue);
        Assert.Equal(1, _table.InFlight);
        Assert.True(_table.Remove(token));
        Assert.Equal(0, _table.InFlight);
    }

    [Fact]
    public void What_was_given_up_is_not_told()
    {
        Assert.True(_table.Remove(Add()));
        var other = new Receiver();
        _table.TryAdd(other, default, 10, keep: false, out _);
        Add();
        _table.RemoveAll(_receiver);

        _table.Sweep(long.MaxValue - 1);

        Assert.Empty(_receiver.Failures);
        Assert.Equal([CoapRequestFailure.TimedOut], other.Failures);
    }

    [Fact]
    public void The_end_of_the_connection_is_told_to_all_and_nobody_is_let_in_after()
    {
        Answer(Add(keep: true));
        Add();
        _table.Close();
        Assert.Equal([CoapRequestFailure.ConnectionClosed, CoapRequestFailure.ConnectionClosed], _receiver.Failures);
        Assert.False(_table.TryAdd(_receiver, default, 1000, keep: false, out _));
    }

    [Fact]
    public async Task Threads_that_ask_give_up_and_answer_at_once_lose_nothing()
    {
        var table = new CoapRequestTable(maxInFlight: 64);
        var receivers = Enumerable.Range(0, 4).Select(_ => new Receiver()).ToArray();
        await Task.WhenAll(receivers.Select(receiver => Task.Run(() =>
        {
            for (var i = 0; i < 5000; i++)
            {
                var state = new CoapResponseState(default, i, receiver);
                Assert.True(table.TryAdd(receiver, state, 1000, keep: false, out var token));
                if (i % 3 == 0)
                    Assert.True(table.Remove(token));
                Answer(token, table);
            }
        }))).Soon();
        Assert.All(receivers, r => Assert.Equal(Enumerable.Range(0, 5000).Where(i => i % 3 != 0).Select(i => (long)i), r.Answers.Select(a => a.State.Flags)));
        Assert.All(receivers, r => Assert.All(r.Answers, a => Assert.Same(r, a.State.Subject)));
        Assert.Equal(0, table.InFlight);
    }

    private CoapToken Add(long deadline = 1000, bool keep = false)
    {
        Assert.True(_table.TryAdd(_receiver, default, deadline, keep, out var token));
        return token;
    }

    private void Answer(CoapToken token, CoapRequestTable? table = null)
    {
        var bytes = new CoapMessage(CoapCode.Content) { Token = token }.ToBytes();
        CoapFrameReader.Read(bytes, int.MaxValue, out var frame, out _);
        (table ?? _table).Complete(null!, frame);
    }

    private sealed class Receiver : ICoapResponseReceiver
    {
        public List<(CoapToken Token, CoapResponseState State)> Answers { get; } = [];

        public List<CoapRequestFailure> Failures { get; } = [];

        public void OnResponse(CoapConnection connection, CoapToken token, in CoapFrame response, in CoapResponseState state) => Answers.Add((token, state));

        public void OnFailed(CoapRequestFailure failure, in CoapResponseState state) => Failures.Add(failure);
    }
}
