using Microsoft.Extensions.Time.Testing;

namespace OcfCloud.Coap.Tests.Support;

/// <summary>A clock that stands until it is moved, and knows how often somebody began to wait by it.</summary>
internal sealed class CountingTime : FakeTimeProvider
{
    private int _timers;

    public int Timers => Volatile.Read(ref _timers);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref _timers);
        return base.CreateTimer(callback, state, dueTime, period);
    }
}
