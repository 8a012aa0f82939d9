namespace OcfCloud.Core.Devices;

/// <summary>Numbers of sessions: of two sessions of one device the greater wins, whichever node gave it (architecture.md, Online state).</summary>
internal sealed class SessionNumbers(TimeProvider time)
{
    // A sign-in that read its token just before a revocation takes its number from the clock a moment after: the revocation's lies beyond that moment.
    private const long RevocationMargin = 60_000_000;

    // And a row that is beyond the clock already: only so many sign-ins can have read it and not be written yet.
    private const long SignInsAtOnce = 1000;

    private long _last;

    /// <summary>The number of a new session: the clock in microseconds, or one more than the greatest that is known of the device.</summary>
    public long Next(long known) => Math.Max(NextOfClock(), known + 1);

    /// <summary>A number under which every session is over that was signed in before now.</summary>
    /// <remarks>It stays near the clock however often it is asked for: else a device that leaves and comes back would get numbers that its leaving has ended.</remarks>
    public long NextRevocation(long known) => Math.Max(NextOfClock() + RevocationMargin, known + SignInsAtOnce);

    // Strictly rising in this process, so that two sign-ins of one microsecond differ.
    private long NextOfClock()
    {
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = Math.Max(last + 1, (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
            if (Interlocked.CompareExchange(ref _last, next, last) == last) return next;
        }
    }
}
