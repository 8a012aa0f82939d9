using Microsoft.Extensions.Time.Testing;

namespace OcfCloud.CloudLinking.Tests.Synchronisation.Support;

/// <summary>The time of day moves only when a test says so; waits and periods are real ones, so that loops run.</summary>
internal sealed class SyncClock(DateTimeOffset? start = null) : FakeTimeProvider(start ?? new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero))
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime, period);
}
