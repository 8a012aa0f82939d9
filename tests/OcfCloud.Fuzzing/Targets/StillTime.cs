namespace OcfCloud.Fuzzing.Targets;

/// <summary>A clock that stands: no timer fires, and nothing that an input does depends on when it is run.</summary>
internal sealed class StillTime : TimeProvider
{
    public static StillTime Instance { get; } = new();

    public override DateTimeOffset GetUtcNow() => new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long GetTimestamp() => 0;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => Still.Instance;

    private sealed class Still : ITimer
    {
        public static Still Instance { get; } = new();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
