namespace OcfCloud.Testing;

/// <summary>Another provider's time whose time of day is moved apart from its timestamps and timers, as an operator or NTP moves a system's clock.</summary>
public sealed class SteppingTime(TimeProvider time) : TimeProvider
{
    private long _stepped;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => time.TimestampFrequency;

    /// <summary>Moves the time of day, forward or back.</summary>
    public void Step(TimeSpan by) => Interlocked.Add(ref _stepped, by.Ticks);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _stepped));

    /// <inheritdoc/>
    public override long GetTimestamp() => time.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);
}
