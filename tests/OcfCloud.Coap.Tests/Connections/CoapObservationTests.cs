using System.Collections.Concurrent;
using OcfCloud.Coap.Tests.Support;

namespace OcfCloud.Coap.Tests.Connections;

public class CoapObservationTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Notifications_come_in_order_the_first_answer_among_them()
    {
        await using var pair = await ConnectedPair.OpenAsync();
        pair.AnswerBlockwise(_ => Notification(0));
        var seen = new ConcurrentQueue<string>();

        var observation = await new CoapRequester(pair.Client).ObserveAsync(Get(), m => seen.Enqueue(m.Diagnostic), Timeout, Cancelled).Soon();
        Assert.Equal("0", observation.Answer.Diagnostic);
        for (var i = 1; i < 10; i++)
            Notify(pair, Notification(i));

        await Deadline.UntilAsync(() => seen.Count == 10);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => i.ToString()), seen);
        Assert.False(observation.Ended.IsCompleted);
        await observation.DisposeAsync();
    }

    [Fact]
    public async Task Disposing_cancels_by_Observe_1_under_the_same_token_and_options()
    {
        await using var pair = await ConnectedPair.OpenAsync();
        pair.AnswerBlockwise(_ => Notification(0));
        var observation = await new CoapRequester(pair.Client).ObserveAsync(Get(), _ => { }, Timeout, Cancelled).Soon();

        await observation.DisposeAsync();

        await Deadline.UntilAsync(() => pair.Handler.Requests.Count == 2);
        var (registration, cancel) = (pair.Handler.Requests.First(), pair.Handler.Requests.Last());
        Assert.Equal(0u, registration.Observe);
        Assert.Equal(1u, cancel.Observe);
        Assert.Equal(registration.Token, cancel.Token);
        Assert.Equal(registration.UriQuery, cancel.UriQuery);
        Assert.Equal(new CoapObservationEnd(), await observation.Ended);
    }

    [Fact]
    public async Task An_error_ends_it()
    {
        await using var pair = await ConnectedPair.OpenAsync();
        pair.AnswerBlockwise(_ => Notification(0));
        var observation = await new CoapRequester(pair.Client).ObserveAsync(Get(), _ => { }, Timeout, Cancelled).Soon();

        Notify(pair, CoapMessage.Response(CoapCode.NotFound));

        Assert.Equal(CoapCode.NotFound, (await observation.Ended.Soon()).Error!.Code);
        await observation.DisposeAsync();
        Assert.Single(pair.Handler.Requests);
    }

    [Fact]
    public async Task The_end_of_the_connection_ends_it()
    {
        await using var pair = await ConnectedPair.OpenAsync();
        pair.AnswerBlockwise(_ => Notification(0));
        var observation = await new CoapRequester(pair.Client).ObserveAsync(Get(), _ => { }, Timeout, Cancelled).Soon();

        pair.Server.Close();

        Assert.Equal(CoapRequestFailure.ConnectionClosed, (await observation.Ended.Soon()).Failure);
    }

    [Fact]
    public async Task A_refusal_is_the_answer_and_nothing_is_observed()
    {
        await using var pair = await ConnectedPair.OpenAsync();
        pair.AnswerBlockwise(_ => CoapMessage.Response(CoapCode.Forbidden));

        var observation = await new CoapRequester(pair.Client).ObserveAsync(Get(), _ => Assert.Fail("no notification"), Timeout, Cancelled).Soon();

        Assert.Equal(CoapCode.Forbidden, observation.Answer.Code);
        Assert.Equal(CoapCode.Forbidden, (await observation.Ended.Soon()).Error!.Code);
    }

    [Fact]
    public async Task A_resource_that_cannot_be_observed_answers_once()
    {
        await using var pair = await ConnectedPair.OpenAsync();
        pair.AnswerBlockwise(_ => CoapMessage.Response(CoapCode.Content).WithDiagnostic("once"));

        var observation = await new CoapRequester(pair.Client).ObserveAsync(Get(), _ => { }, Timeout, Cancelled).Soon();

        Assert.Equal("once", observation.Answer.Diagnostic);
        Assert.Equal(new CoapObservationEnd(), await observation.Ended.Soon());
    }

    [Fact]
    public async Task A_large_notification_is_fetched_whole()
    {
        await using var pair = await ConnectedPair.OpenAsync(client: new CoapConnectionOptions { MaxMessageSize = 1152 });
        var bodies = new[] { new string('a', 3000), new string('b', 5000) };
        var transfers = pair.AnswerBlockwise(_ => Notification(bodies[0]));
        var seen = new ConcurrentQueue<string>();
        var observation = await new CoapRequester(pair.Client).ObserveAsync(Get(), m => seen.Enqueue(m.Diagnostic), Timeout, Cancelled).Soon();

        var registration = pair.Handler.Requests.First();
        var notification = Notification(bodies[1]);
        notification.Token = registration.Token;
        pair.Server.TrySend(transfers.Fit(registration, notification, 1152));

        await Deadline.UntilAsync(() => seen.Count == 2);
        Assert.Equal(bodies, seen);
        Assert.All(pair.Handler.Requests.Skip(1), r => Assert.Null(r.Observe));
        await observation.DisposeAsync();
    }

    [Fact]
    public async Task No_first_answer_in_time_is_a_failure_and_leaves_nothing_behind()
    {
        await using var pair = await ConnectedPair.OpenAsync();
        var observing = new CoapRequester(pair.Client).ObserveAsync(Get(), _ => Assert.Fail("no notification"), Timeout, Cancelled);
        await Deadline.UntilAsync(() => pair.Handler.Requests.Count == 1);

        pair.Time.Advance(Timeout);

        Assert.Equal(CoapRequestFailure.TimedOut, (await Assert.ThrowsAsync<CoapRequestException>(() => observing.Soon())).Failure);
        Assert.Equal(0, pair.Client.Requests.InFlight);
    }

    [Fact]
    public async Task Giving_up_before_the_first_answer_cancels_at_the_peer_too()
    {
        await using var pair = await ConnectedPair.OpenAsync();
        using var giveUp = new CancellationTokenSource();
        var observing = new CoapRequester(pair.Client).ObserveAsync(Get(), _ => Assert.Fail("no notification"), Timeout, giveUp.Token);
        await Deadline.UntilAsync(() => pair.Handler.Requests.Count == 1);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => observing.Soon());
        await Deadline.UntilAsync(() => pair.Handler.Requests.Count == 2);
        Assert.Equal(1u, pair.Handler.Requests.Last().Observe);
        Assert.Equal(pair.Handler.Requests.First().Token, pair.Handler.Requests.Last().Token);
    }

    [Fact]
    public async Task A_registration_larger_than_the_peer_takes_is_not_sent()
    {
        await using var pair = await ConnectedPair.OpenAsync(server: new CoapConnectionOptions { MaxMessageSize = 200 });
        var request = CoapMessage.Request(CoapCode.Fetch, "/a").WithPayload(new byte[200], CoapContentFormat.Cbor);

        var observing = new CoapRequester(pair.Client).ObserveAsync(request, _ => { }, Timeout, Cancelled);

        Assert.Equal(CoapRequestFailure.TooLarge, (await Assert.ThrowsAsync<CoapRequestException>(() => observing.Soon())).Failure);
        Assert.Empty(pair.Handler.Requests);
    }

    [Fact]
    public async Task A_notification_that_cannot_be_fetched_ends_it_at_both_sides()
    {
        await using var pair = await ConnectedPair.OpenAsync();
        pair.AnswerBlockwise(_ => Notification(0));
        var observation = await new CoapRequester(pair.Client).ObserveAsync(Get(), _ => { }, Timeout, Cancelled).Soon();

        // Not a block of that size.
        Notify(pair, Notification("x").WithOption(CoapOptionNumber.Block2, new BlockOption(0, true, 6).Value));

        Assert.Equal(CoapRequestFailure.Malformed, (await observation.Ended.Soon()).Failure);
        await Deadline.UntilAsync(() => pair.Handler.Requests.Any(r => r.Observe == 1));
    }

    [Fact]
    public async Task A_slow_receiver_gets_the_newest()
    {
        await using var pair = await ConnectedPair.OpenAsync();
        pair.AnswerBlockwise(_ => Notification(0));
        var seen = new ConcurrentQueue<int>();
        using var slow = new ManualResetEventSlim();
        var observation = await new CoapRequester(pair.Client).ObserveAsync(
            Get(),
            m =>
            {
                seen.Enqueue(int.Parse(m.Diagnostic));
                if (m.Diagnostic == "1")
                    slow.Wait(Cancelled);
            },
            Timeout,
            Cancelled).Soon();
        for (var i = 1; i <= 100; i++)
            Notify(pair, Notification(i));
        await new CoapRequester(pair.Client).RequestAsync(Get(), Timeout, Cancelled).Soon();

        slow.Set();

        await Deadline.UntilAsync(() => seen.LastOrDefault() == 100);
        Assert.Equal(seen.Order(), seen);
        await observation.DisposeAsync();
    }

    [Fact]
    public async Task A_fault_of_the_receiver_comes_out_of_Ended_and_cancels()
    {
        await using var pair = await ConnectedPair.OpenAsync();
        pair.AnswerBlockwise(_ => Notification(0));
        var observation = await new CoapRequester(pair.Client).ObserveAsync(
            Get(), _ => throw new InvalidOperationException("a bug"), Timeout, Cancelled).Soon();

        await Assert.ThrowsAsync<InvalidOperationException>(() => observation.Ended.Soon());
        await Deadline.UntilAsync(() => pair.Handler.Requests.Any(r => r.Observe == 1));
    }

    private static CoapMessage Get() => CoapMessage.Request(CoapCode.Get, "/light?if=oic.if.a");

    private static CoapMessage Notification(object value) =>
        CoapMessage.Response(CoapCode.Content).WithOption(CoapOptionNumber.Observe, 7).WithDiagnostic(value.ToString()!);

    private static void Notify(ConnectedPair pair, CoapMessage notification)
    {
        notification.Token = pair.Handler.Requests.First().Token;
        pair.Server.TrySend(notification);
    }
}
