namespace OcfCloud.Coap;

/// <summary>When a silent peer is pinged, and when it counts as gone. Times are milliseconds of the connection's clock.</summary>
internal sealed class CoapLiveness(TimeSpan idlePing, long now)
{
    private const long MaxPongWait = 10_000;

    private readonly long _idle = (long)idlePing.TotalMilliseconds;
    private long _lastReceived = now;
    private long _pinged = long.MinValue;

    /// <summary>Whatever comes is a sign of life, a Pong too.</summary>
    public void Received(long now) => Volatile.Write(ref _lastReceived, now);

    /// <summary>When something came last.</summary>
    public long LastReceived => Volatile.Read(ref _lastReceived);

    public CoapLivenessStep Look(long now)
    {
        if (_idle <= 0)
            return CoapLivenessStep.Alive;
        var last = Volatile.Read(ref _lastReceived);
        var pinged = Volatile.Read(ref _pinged);
        if (pinged > last)
            return now - pinged >= Math.Min(_idle, MaxPongWait) ? CoapLivenessStep.Gone : CoapLivenessStep.Alive;
        if (now - last < _idle)
            return CoapLivenessStep.Alive;
        Volatile.Write(ref _pinged, now);
        return CoapLivenessStep.PingNow;
    }
}
