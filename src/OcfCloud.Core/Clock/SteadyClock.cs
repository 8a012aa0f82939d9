namespace OcfCloud.Core.Clock;

/// <summary>
/// The time of day of this process. A clock that is wrong for a minute must destroy nothing: not end sessions, take links out of the directory or give up subscriptions.
/// So a step of the system's clock, measured against the time that has passed, is not followed until it has lasted.
/// <code>
///   system's clock ── differs by MaxStep at most from what has passed ──► as it is
///                  └─ by more ──► what has passed counts ── for SteadyAfter the same step ──► as it is, from then on
///                                                        └─ it is back ──► as if nothing had been
/// </code>
/// </summary>
/// <remarks>All that asks this provider for the time keeps to it; timers and timestamps are the system's, which no step moves.</remarks>
public sealed class SteadyClock : TimeProvider
{
    // Less is how exactly two clocks can be read one after the other.
    private const long Jitter = TimeSpan.TicksPerMillisecond * 100;

    private readonly TimeProvider _system;
    private readonly ClockOptions _options;
    private readonly Lock _stepping = new();
    private readonly long _origin;
    private long _offset;
    private Step? _step;
    private long _followed;
    private long _followedBy;

    /// <summary>Believes the system's clock as it is now.</summary>
    public SteadyClock(TimeProvider system, ClockOptions options)
    {
        (_system, _options) = (system, options);
        _origin = system.GetTimestamp();
        _offset = system.GetUtcNow().UtcTicks;
    }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => _system.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => _system.TimestampFrequency;

    /// <summary>How far the system's clock is ahead of this one; zero where it is followed.</summary>
    public TimeSpan Ahead => Volatile.Read(ref _step) is { } step ? TimeSpan.FromTicks(step.Offset - Volatile.Read(ref _offset)) : TimeSpan.Zero;

    /// <summary>How many steps were followed, and by how much the last one went.</summary>
    public (long Count, TimeSpan Last) Followed
    {
        get
        {
            lock (_stepping) return (_followed, TimeSpan.FromTicks(_followedBy));
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        var now = _system.GetUtcNow();
        var passed = _system.GetElapsedTime(_origin).Ticks;
        var offset = now.UtcTicks - passed;
        var known = Volatile.Read(ref _offset);
        if (Volatile.Read(ref _step) is not null || !IsSame(offset, known)) return Meet(now, offset, passed);
        if (Math.Abs(offset - known) > Jitter) Volatile.Write(ref _offset, offset);
        return now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => _system.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => _system.CreateTimer(callback, state, dueTime, period);

    private DateTimeOffset Meet(DateTimeOffset now, long offset, long passed)
    {
        lock (_stepping)
        {
            if (IsSame(offset, _offset))
            {
                Volatile.Write(ref _step, null);
                return now;
            }
            // Another step while one is waited for begins anew.
            if (_step is null || !IsSame(offset, _step.Offset)) Volatile.Write(ref _step, new Step(offset, passed));
            if (passed - _step!.Since < _options.SteadyAfter.Ticks) return new DateTimeOffset(_offset + passed, TimeSpan.Zero);
            _followed++;
            _followedBy = offset - _offset;
            Volatile.Write(ref _offset, offset);
            Volatile.Write(ref _step, null);
            return now;
        }
    }

    private bool IsSame(long offset, long other) => Math.Abs(offset - other) <= _options.MaxStep.Ticks;

    /// <summary>A step that is not followed yet.</summary>
    /// <param name="Offset">The system's time of day less the time that has passed.</param>
    /// <param name="Since">When it was first seen, in what has passed.</param>
    private sealed record Step(long Offset, long Since);
}
