using Microsoft.Extensions.Time.Testing;
using OcfCloud.CloudApi.Notifications;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;

namespace OcfCloud.CloudApi.Tests.Notifications;

/// <summary>The bounds that keep slow receivers from standing before others.</summary>
public sealed class SendingBoundsTests
{
    private readonly NotificationOptions _options = new() { MaxParallelPerHost = 2 };
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Slow_deliveries_make_room_for_quick_ones_but_not_without_end()
    {
        var slots = new LaneSlots(2);
        for (var slow = 0; slow < 16; slow++)
        {
            slots.Enter();
            Assert.Equal(1, slots.Free);
            Assert.True(slots.TryBecomeSlow());
            Assert.Equal(2, slots.Free);
        }

        slots.Enter();
        Assert.False(slots.TryBecomeSlow());
        Assert.Equal(1, slots.Free);
        slots.Leave(slow: true);
        Assert.True(slots.TryBecomeSlow());
        Assert.Equal(2, slots.Free);
    }

    [Fact]
    public async Task A_closed_lane_waits_for_those_that_are_under_way()
    {
        var slots = new LaneSlots(2);
        slots.Enter();
        slots.Enter();
        slots.TryBecomeSlow();
        var closed = slots.CloseAsync();
        slots.Leave(slow: true);
        Assert.False(closed.IsCompleted);
        slots.Leave(slow: false);
        await closed.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        await new LaneSlots(1).CloseAsync().WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }

    [Fact]
    public async Task A_host_has_so_many_turns_and_a_waiting_one_gets_the_next()
    {
        var turns = Turns();
        using var first = await turns.TryTakeAsync("one.example", Cancellation);
        var second = await turns.TryTakeAsync("one.example", Cancellation);
        using var other = await turns.TryTakeAsync("two.example", Cancellation);
        Assert.NotNull(other);
        var third = turns.TryTakeAsync("ONE.example", Cancellation);
        Assert.False(third.IsCompleted);
        second!.Dispose();
        using var given = await third.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        Assert.NotNull(given);
    }

    [Fact]
    public async Task Nobody_waits_for_a_host_that_is_stuck_until_it_is_quick_or_a_while_has_passed()
    {
        var turns = Turns();
        var first = await turns.TryTakeAsync("one.example", Cancellation);
        using var second = await turns.TryTakeAsync("one.example", Cancellation);
        var third = turns.TryTakeAsync("one.example", Cancellation);
        _time.Advance(_options.SlowAfter);
        Assert.Null(await third.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));

        // At once, without a wait.
        Assert.Null(await turns.TryTakeAsync("one.example", Cancellation));
        first!.Used(1);
        first.Dispose();
        var quick = await turns.TryTakeAsync("one.example", Cancellation);
        Assert.NotNull(quick);
        Assert.Null(await turns.TryTakeAsync("one.example", Cancellation));
        quick.Used(1);
        quick.Dispose();
        using var moved = await turns.TryTakeAsync("one.example", Cancellation);
        Assert.NotNull(moved);
        var waiting = turns.TryTakeAsync("one.example", Cancellation);
        Assert.False(waiting.IsCompleted);
        _time.Advance(_options.SlowAfter);
        Assert.Null(await waiting.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        _time.Advance(_options.SlowAfter);
        Assert.False(turns.TryTakeAsync("one.example", Cancellation).IsCompleted);

        // One is enough to see whether it moves.
        Assert.Null(await turns.TryTakeAsync("one.example", Cancellation));
    }

    [Fact]
    public async Task A_turn_of_many_quick_deliveries_shows_that_a_host_moves_however_long_it_was()
    {
        var turns = Turns();
        using var first = await turns.TryTakeAsync("one.example", Cancellation);
        using var second = await turns.TryTakeAsync("one.example", Cancellation);
        var third = turns.TryTakeAsync("one.example", Cancellation);
        _time.Advance(_options.SlowAfter);
        Assert.Null(await third.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        first!.Used(2);
        Assert.False(turns.TryTakeAsync("one.example", Cancellation).IsCompleted);
    }

    [Theory]
    [InlineData(128, null, 256)]
    [InlineData(2, null, 4)]
    [InlineData(128, 5, 5)]
    public void A_client_has_twice_the_quick_ones_of_a_lane_unless_it_is_said(int lane, int? said, int expected)
    {
        var options = new NotificationOptions { MaxParallel = lane };
        if (said is { } most) options.MaxParallelPerClient = most;
        Assert.Equal(expected, options.MaxParallelPerClient);
    }

    [Fact]
    public void Only_what_waits_or_was_missed_wakes_the_senders()
    {
        var user = UserId.New();
        Assert.Equal(
            [EventKind.EverythingChanged, EventKind.NotificationsWait],
            Enum.GetValues<EventKind>().Where(kind => NotificationSender.Concerns(new Hint(kind, user, null, 0))));
    }

    private Turns<string> Turns() => new(_options.MaxParallelPerHost, _options.SlowAfter, _time, StringComparer.OrdinalIgnoreCase);
}
