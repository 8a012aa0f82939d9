using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.CloudApi.Notifications;
using OcfCloud.Core.Events;
using OcfCloud.Core.Outbound;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudApi.Tests.Notifications;

/// <summary>One claim on its way to a receiver, over real sockets.</summary>
public sealed class DeliveryTests
{
    private const string Secret = "3BZ6oI9xbRJzOUvUoRb5RgaZjPqHrmql";

    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    private readonly SigningSecrets _secrets = new(new EphemeralDataProtectionProvider());
    private readonly NotificationOptions _options = new();
    private readonly AnswersUnderWay _answers = new();
    private readonly FakeTimeProvider _time = new(At.AddMinutes(1));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpProtocols.Http1, "HTTP/1.1")]
    [InlineData(HttpProtocols.Http1AndHttp2, "HTTP/2")]
    public async Task An_event_carries_its_headers_and_signature(HttpProtocols protocols, string protocol)
    {
        await using var receiver = await Receiver.StartAsync(protocols);
        var due = Due(receiver, Event(7, EventKind.DeviceOnline, "[{\"di\":\"x\"}]"));
        var result = await SendAsync(receiver, due);
        Assert.Equal(new DeliveryResult(due.Id, 7, DeliveryEnding.Continue) { Claim = 17 }, result);

        var received = Assert.Single(receiver.Received);
        Assert.Equal((protocol, "POST", "/events"), (received.Protocol, received.Method, received.Path));
        Assert.Equal("[{\"di\":\"x\"}]", Encoding.UTF8.GetString(received.Body));
        Assert.Equal("devices_online", received.Headers["Event-Type"]);
        Assert.Equal(due.Id.ToString(), received.Headers["Subscription-ID"]);
        Assert.Equal("7", received.Headers["Sequence-Number"]);
        Assert.Equal("1700000000", received.Headers["Event-Timestamp"]);
        Assert.Equal("correlated", received.Headers["Correlation-ID"]);
        Assert.Equal("application/json", received.Headers["Content-Type"]);
        Assert.Equal("application/json", received.Headers["Accept"]);
        Assert.Equal(
            EventSignature.Of(Secret, "application/json", "devices_online", due.Id.ToString(), 7, 1_700_000_000, received.Body), received.Headers["Event-Signature"]);
        string[] own = ["Event-Type", "Subscription-ID", "Sequence-Number", "Event-Timestamp", "Correlation-ID", "Content-Type", "Accept", "Event-Signature"];
        Assert.Empty(received.Headers.Keys.Except(own, StringComparer.OrdinalIgnoreCase).Except(["Host", "Content-Length"], StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_cancellation_has_neither_body_nor_content_type()
    {
        await using var receiver = await Receiver.StartAsync();
        await SendAsync(receiver, Due(receiver, new Notification(3, EventKind.SubscriptionCancelled, At, NotificationBody.None)));
        var received = Assert.Single(receiver.Received);
        Assert.Empty(received.Body);
        Assert.DoesNotContain("Content-Type", received.Headers.Keys);
        Assert.Equal("subscription_cancelled", received.Headers["Event-Type"]);
    }

    [Fact]
    public async Task Several_go_one_after_the_other_on_one_connection_until_one_is_not_confirmed()
    {
        await using var receiver = await Receiver.StartAsync(HttpProtocols.Http1);
        var connections = new HashSet<string>();
        var inside = 0;
        receiver.Answer = async (received, context) =>
        {
            Assert.Equal(1, Interlocked.Increment(ref inside));
            lock (connections) connections.Add(context.Connection.Id);
            context.Response.StatusCode = received.Number == 13 ? 500 : 200;
            await context.Response.WriteAsync("thanks");
            Interlocked.Decrement(ref inside);
        };
        var due = Due(receiver, [.. Enumerable.Range(10, 6).Select(number => Event(number))]);
        var result = await SendAsync(receiver, due);
        Assert.Equal((12, DeliveryEnding.Failed, "answered 500"), (result.Confirmed, result.Ending, result.Failure));
        Assert.InRange(result.NextAttemptAt!.Value - _time.GetUtcNow(), _options.RetryFirst, 1.25 * _options.RetryFirst);
        Assert.Equal([10, 11, 12, 13], receiver.Received.Select(received => received.Number));
        Assert.Single(connections);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(202)]
    [InlineData(204)]
    [InlineData(299)]
    public async Task Any_2xx_confirms(int status)
    {
        await using var receiver = await Answering(status);
        Assert.Equal(DeliveryEnding.Continue, (await SendAsync(receiver, Due(receiver, Event(1)))).Ending);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(302)]
    [InlineData(308)]
    [InlineData(304)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Anything_else_is_tried_again(int status)
    {
        await using var receiver = await Answering(status);
        var result = await SendAsync(receiver, Due(receiver, Event(1)));
        Assert.Equal((DeliveryEnding.Failed, null, $"answered {status}"), (result.Ending, result.Confirmed, result.Failure));
        Assert.Single(receiver.Received);
    }

    [Fact]
    public async Task Each_lane_has_connections_of_its_own_to_a_host()
    {
        await using var receiver = await Receiver.StartAsync(HttpProtocols.Http1);
        _options.MaxParallelPerHost = 1;
        var both = new TaskCompletionSource();
        var arrived = 0;
        receiver.Answer = (_, _) =>
        {
            if (Interlocked.Increment(ref arrived) == 2) both.SetResult();
            return both.Task;
        };
        using var call = new NotificationCall(new OutboundGuard(receiver.Outbound(), TimeProvider.System), _options, _time);
        var delivery = new Delivery(call, _secrets, _answers, _options, _time);
        var first = delivery.SendAsync(Due(receiver, Event(1)), Cancellation, Cancellation);
        var retry = delivery.SendAsync(Due(receiver, Event(1)) with { FailedAttempts = 1 }, Cancellation, Cancellation);
        await Task.WhenAll(first, retry).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.Equal(2, arrived);
    }

    [Fact]
    public async Task Gone_ends_it()
    {
        await using var receiver = await Answering(410);
        Assert.Equal(DeliveryEnding.Gone, (await SendAsync(receiver, Due(receiver, Event(1), Event(2)))).Ending);
        Assert.Single(receiver.Received);
    }

    [Fact]
    public async Task Retry_After_is_respected()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "100";
            return Task.CompletedTask;
        };
        Assert.Equal(_time.GetUtcNow().AddSeconds(100), (await SendAsync(receiver, Due(receiver, Event(1)))).NextAttemptAt);
        receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = _time.GetUtcNow().AddDays(1).ToString("R");
            return Task.CompletedTask;
        };
        Assert.Equal(_time.GetUtcNow() + _options.RetryMax, (await SendAsync(receiver, Due(receiver, Event(1)))).NextAttemptAt);
    }

    [Fact]
    public async Task Silence_is_a_failure_after_the_timeout()
    {
        await using var receiver = await Receiver.StartAsync();
        var arrived = new TaskCompletionSource();
        receiver.Answer = (_, context) =>
        {
            arrived.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        var sending = SendAsync(receiver, Due(receiver, Event(1)));
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        _time.Advance(_options.DeliveryTimeout);
        var result = await sending.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.Equal((DeliveryEnding.Failed, "no answer in time"), (result.Ending, result.Failure));
    }

    [Fact]
    public async Task An_endless_answer_is_not_read()
    {
        await using var receiver = await Receiver.StartAsync(HttpProtocols.Http1);
        var broken = new TaskCompletionSource();
        receiver.Answer = async (_, context) =>
        {
            try
            {
                while (true) await context.Response.WriteAsync(new string('a', 10_000), context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                broken.SetResult();
            }
        };
        Assert.Equal(DeliveryEnding.Continue, (await SendAsync(receiver, Due(receiver, Event(1)))).Ending);
        await broken.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
    }

    [Fact]
    public async Task Who_failed_first_too_long_ago_is_given_up_and_not_a_moment_before()
    {
        await using var receiver = await Answering(500);
        var due = Due(receiver, Event(4)) with { FailedAttempts = 20, FirstFailedAt = _time.GetUtcNow() - _options.GiveUpAfter + TimeSpan.FromSeconds(5) };
        var last = await SendAsync(receiver, due);
        Assert.Equal((DeliveryEnding.Failed, _time.GetUtcNow().AddSeconds(5)), (last.Ending, last.NextAttemptAt));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(DeliveryEnding.GivenUp, (await SendAsync(receiver, due)).Ending);

        // The failures were those of another event than the one that fails now.
        receiver.Answer = (received, context) => Task.FromResult(context.Response.StatusCode = received.Number == 4 ? 200 : 500);
        var other = await SendAsync(receiver, due with { Notifications = [Event(4), Event(5)] });
        Assert.Equal((DeliveryEnding.Failed, 4), (other.Ending, other.Confirmed));
    }

    [Fact]
    public async Task Near_the_end_of_its_claim_nothing_more_is_sent()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, _) =>
        {
            _time.Advance(TimeSpan.FromSeconds(9));
            return Task.CompletedTask;
        };
        var result = await SendAsync(receiver, Due(receiver, [.. Enumerable.Range(0, 20).Select(number => Event(number))]));

        // 60 seconds less one attempt leave 50: the sixth begins after 45.
        Assert.Equal((5, DeliveryEnding.Continue), (result.Confirmed, result.Ending));
    }

    [Fact]
    public async Task A_forbidden_address_an_untrusted_certificate_and_a_closed_port_are_failures_that_say_no_secret()
    {
        await using var receiver = await Receiver.StartAsync();
        var due = Due(receiver, Event(1));
        Assert.Equal("the receiver's address is not allowed", (await SendAsync(receiver.Outbound(allowed: false), due)).Failure);
        var untrusting = new OutboundOptions();
        untrusting.AllowedNetworks.Add(System.Net.IPNetwork.Parse("127.0.0.1/32"));
        Assert.Equal("no trusted TLS with the receiver", (await SendAsync(untrusting, due)).Failure);
        Assert.Equal("the receiver takes no connection", (await SendAsync(receiver.Outbound(), due with { EventsUrl = "https://127.0.0.1:1/secret" })).Failure);
        Assert.Equal("the receiver's name does not resolve", (await SendAsync(receiver.Outbound(), due with { EventsUrl = "https://receiver.invalid/secret" })).Failure);
        Assert.Empty(receiver.Received);
    }

    [Fact]
    public async Task A_secret_of_a_lost_key_ring_is_a_failure_and_no_end()
    {
        await using var receiver = await Receiver.StartAsync();
        var result = await SendAsync(receiver, Due(receiver, Event(1)) with { ProtectedSecret = new SigningSecrets(new EphemeralDataProtectionProvider()).Protect(Secret) });
        Assert.Equal(DeliveryEnding.Failed, result.Ending);
        Assert.Empty(receiver.Received);
    }

    [Fact]
    public async Task When_the_process_stops_nothing_is_begun_and_what_runs_is_broken_off_without_a_failure()
    {
        await using var receiver = await Receiver.StartAsync();
        using var call = new NotificationCall(new OutboundGuard(receiver.Outbound(), TimeProvider.System), _options, _time);
        var delivery = new Delivery(call, _secrets, _answers, _options, _time);
        using var stop = new CancellationTokenSource();
        var arrived = new TaskCompletionSource();
        receiver.Answer = (_, context) =>
        {
            arrived.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        var due = Due(receiver, Event(1), Event(2));
        var sending = delivery.SendAsync(due, Cancellation, stop.Token);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        await stop.CancelAsync();
        Assert.Equal(new DeliveryResult(due.Id, null, DeliveryEnding.Continue) { Claim = 17 }, await sending.WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
        Assert.Equal(new DeliveryResult(due.Id, null, DeliveryEnding.Continue) { Claim = 17 }, await delivery.SendAsync(due, stop.Token, stop.Token));
        Assert.Single(receiver.Received);
    }

    private static Notification Event(long number, EventKind kind = EventKind.DeviceOnline, string body = "[]") =>
        new(number, kind, At, new NotificationBody("application/json", Encoding.UTF8.GetBytes(body)));

    private static async Task<Receiver> Answering(int status)
    {
        var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = receiver.Url + "/elsewhere";
            return Task.CompletedTask;
        };
        return receiver;
    }

    private DueSubscription Due(Receiver receiver, params Notification[] notifications) =>
        new(Guid.NewGuid(), receiver.Url, _secrets.Protect(Secret), "correlated", 0, null, notifications)
        {
            Claim = 17,
            ClaimedUntil = _time.GetUtcNow().AddMinutes(1),
            CreatedAt = _time.GetUtcNow(),
        };

    private Task<DeliveryResult> SendAsync(Receiver receiver, DueSubscription due) => SendAsync(receiver.Outbound(), due);

    private async Task<DeliveryResult> SendAsync(OutboundOptions outbound, DueSubscription due)
    {
        using var call = new NotificationCall(new OutboundGuard(outbound, TimeProvider.System), _options, _time);
        return await new Delivery(call, _secrets, _answers, _options, _time).SendAsync(due, Cancellation, Cancellation);
    }
}
