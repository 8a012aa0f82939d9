using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace OcfCloud.Simulator.Tests.Support;

/// <summary>A clock that tells when somebody began to wait by it: who moves it sooner moves it past a wait that is not there yet.</summary>
internal sealed class ArmedTime : FakeTimeProvider
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Moves the clock by a wait once somebody waits for that long.</summary>
    public async Task PassAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        while (await _waits.Reader.ReadAsync(deadline.Token) != wait)
        {
        }

        Advance(wait);
    }

    /// <summary>Waits for what the clock has set off, moving it on by ticks: one move alone was seen to wake nobody.</summary>
    public async Task<T> NudgeUntilAsync<T>(Task<T> outcome)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var nudge = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!outcome.IsCompleted)
        {
            await nudge.WaitForNextTickAsync(deadline.Token);
            Advance(TimeSpan.FromTicks(1));
        }

        return await outcome;
    }
}
