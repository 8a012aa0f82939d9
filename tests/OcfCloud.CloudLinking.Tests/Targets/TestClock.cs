using Microsoft.Extensions.Time.Testing;

namespace OcfCloud.CloudLinking.Tests.Targets;

/// <summary>The time of day moves only when a test says so; waits and periods are real ones.</summary>
internal sealed class TestClock() : FakeTimeProvider(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero))
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, dueTime, period);
}
