using Microsoft.Extensions.Time.Testing;

namespace OcfCloud.Core.Tests.Support;

/// <summary>The time of day moves only when a test says so; waits and periods are real ones, so that loops run.</summary>
internal sealed class TestClock() : FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero))
{
    private TimeSpan _stepped;

    /// <summary>Moves the time of day alone: as much time has passed as before.</summary>
    public void Step(TimeSpan by) => _stepped += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _stepped;

    // The base makes timestamps, in ticks, of the time of day.
    public override long GetTimestamp() => base.GetTimestamp() - _stepped.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime, period);
}
