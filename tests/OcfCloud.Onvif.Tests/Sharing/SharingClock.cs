using Microsoft.Extensions.Time.Testing;

namespace OcfCloud.Onvif.Tests.Sharing;

/// <summary>The time of day moves only when a test says so; waits and periods are real ones.</summary>
internal sealed class SharingClock() : FakeTimeProvider(TimeProvider.System.GetUtcNow())
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, dueTime, period);
}
