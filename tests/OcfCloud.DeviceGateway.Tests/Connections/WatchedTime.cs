using Microsoft.Extensions.Time.Testing;

namespace OcfCloud.DeviceGateway.Tests.Connections;

/// <summary>A clock that stands until it is moved, and tells when somebody began to wait by it: moved before that, it would be waited for in vain.</summary>
internal sealed class WatchedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = NewSignal();
    private int _waits;

    /// <summary>How often somebody began to wait.</summary>
    public int Waits
    {
        get
        {
            lock (_lock) return _waits;
        }
    }

    /// <summary>Completes when somebody began to wait after so many had.</summary>
    public Task WaitBegunAsync(int after)
    {
        lock (_lock) return _waits > after ? Task.CompletedTask : _next.Task;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        lock (_lock)
        {
            _waits++;
            _next.TrySetResult();
            _next = NewSignal();
        }

        return timer;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
