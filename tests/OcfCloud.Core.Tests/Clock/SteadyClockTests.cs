using Microsoft.Extensions.Time.Testing;
using OcfCloud.Core.Clock;
using OcfCloud.Testing;

namespace OcfCloud.Core.Tests.Clock;

/// <summary>The time of day of the process, above a clock that steps.</summary>
public sealed class SteadyClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _passing = new(Start);
    private readonly SteppingTime _system;
    private readonly SteadyClock _clock;

    public SteadyClockTests()
    {
        _system = new SteppingTime(_passing);
        _clock = new SteadyClock(_system, new ClockOptions());
    }

    [Fact]
    public void Without_a_step_it_is_the_systems()
    {
        for (var minute = 1; minute <= 100; minute++)
        {
            Pass(Minute);
            Assert.Equal(Start + (minute * Minute), _clock.GetUtcNow());
        }

        Assert.Equal((TimeSpan.Zero, 0L), (_clock.Ahead, _clock.Followed.Count));
    }

    [Fact]
    public void A_clock_that_is_adjusted_little_by_little_is_followed_however_far_it_goes()
    {
        for (var second = 1; second <= 600; second++)
        {
            Step(TimeSpan.FromSeconds(1));
            Assert.Equal(Start + TimeSpan.FromSeconds(second), _clock.GetUtcNow());
        }

        Assert.Equal(0L, _clock.Followed.Count);
    }

    [Theory, InlineData(60), InlineData(-60), InlineData(24 * 60), InlineData(-24 * 60), InlineData(366 * 24 * 60)]
    public void A_step_that_is_taken_back_in_time_is_never_seen(int minutes)
    {
        var step = TimeSpan.FromMinutes(minutes);
        Step(step);
        Assert.Equal(Start, _clock.GetUtcNow());
        Assert.Equal(step, _clock.Ahead);
        for (var minute = 1; minute <= 4; minute++)
        {
            Pass(Minute);
            Assert.Equal(Start + (minute * Minute), _clock.GetUtcNow());
        }

        Step(-step);
        Assert.Equal(Start + (4 * Minute), _clock.GetUtcNow());
        Assert.Equal((TimeSpan.Zero, 0L), (_clock.Ahead, _clock.Followed.Count));

        // It is forgotten: the next one waits as long again.
        Step(step);
        _clock.GetUtcNow();
        Pass(4 * Minute);
        Assert.Equal(Start + (8 * Minute), _clock.GetUtcNow());
    }

    [Theory, InlineData(60), InlineData(-60)]
    public void A_step_that_stays_is_followed_when_it_has_lasted(int minutes)
    {
        var step = TimeSpan.FromMinutes(minutes);
        Step(step);
        Assert.Equal(Start, _clock.GetUtcNow());
        Pass((5 * Minute) - TimeSpan.FromSeconds(1));
        Assert.Equal(Start + (5 * Minute) - TimeSpan.FromSeconds(1), _clock.GetUtcNow());
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(Start + (5 * Minute) + step, _clock.GetUtcNow());
        Assert.Equal((TimeSpan.Zero, (1L, step)), (_clock.Ahead, _clock.Followed));
        Pass(Minute);
        Assert.Equal(Start + (6 * Minute) + step, _clock.GetUtcNow());
    }

    [Fact]
    public void Another_step_meanwhile_has_to_last_as_long_itself()
    {
        Step(TimeSpan.FromHours(1));
        _clock.GetUtcNow();
        Pass(4 * Minute);
        Step(TimeSpan.FromHours(1));
        Assert.Equal(Start + (4 * Minute), _clock.GetUtcNow());
        Pass(4 * Minute);
        Assert.Equal(Start + (8 * Minute), _clock.GetUtcNow());
        Pass(Minute);
        Assert.Equal(Start + (9 * Minute) + TimeSpan.FromHours(2), _clock.GetUtcNow());
    }

    [Fact]
    public void Where_nothing_is_waited_for_a_step_is_followed_at_once()
    {
        var clock = new SteadyClock(_system, new ClockOptions { SteadyAfter = TimeSpan.Zero });
        Step(TimeSpan.FromHours(1));
        Assert.Equal(Start + TimeSpan.FromHours(1), clock.GetUtcNow());
        Assert.Equal((1L, TimeSpan.FromHours(1)), clock.Followed);
    }

    [Fact]
    public void Waits_and_timestamps_are_not_moved_by_a_step()
    {
        var begun = _clock.GetTimestamp();
        var rung = 0;
        using var timer = _clock.CreateTimer(_ => rung++, null, Minute, Timeout.InfiniteTimeSpan);
        Step(TimeSpan.FromHours(1));
        Assert.Equal((TimeSpan.Zero, 0), (_clock.GetElapsedTime(begun), rung));
        Pass(Minute);
        Assert.Equal((Minute, 1), (_clock.GetElapsedTime(begun), rung));
    }

    private void Step(TimeSpan by) => _system.Step(by);

    private void Pass(TimeSpan time) => _passing.Advance(time);
}
