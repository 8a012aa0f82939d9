namespace OcfCloud.Core.Devices;

/// <summary>Numbers of sessions: of two sessions of one device the greater wins, whichever node gave it (architecture.md, Online state).</summary>
internal sealed class SessionNumbers(TimeProvider time)
{
    // A sign-in that read its token just before a revocation takes its number from the clock a moment after: the revocation's lies beyond that moment.
    private const long RevocationMargin = 60_000_000;

    // Where the known number is beyond the clock (a revocation was just now), two sign-ins that know the same one differ by their place in the second.
    private const long Second = 1_000_000;

    private long _last;

    /// <summary>The number of a new session: the clock in microseconds, or more than the greatest that is known of the device.</summary>
    public long Next(long known)
    {
        var clock = NextOfClock();
        return clock > known ? clock : known + 1 + (clock % Second);
    }

    /// <summary>A number under which every session is over that was signed in before now.</summary>
    public long NextRevocation(long known) => Math.Max(NextOfClock(), known + 1) + RevocationMargin;

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
