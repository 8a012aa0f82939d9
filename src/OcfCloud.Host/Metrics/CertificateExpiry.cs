namespace OcfCloud.Host.Metrics;

/// <summary>Warns of certificates of our own that are about to end: at the start, when one was read again, and then once a day. Their ends are exported as a metric.</summary>
/// <param name="certificates">Which.</param>
/// <param name="warnBefore">From when on, before the end; zero: never.</param>
/// <param name="interval">How often is looked whether one was read again.</param>
/// <param name="metrics">Where the ends are exported.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class CertificateExpiry(
    IReadOnlyList<OwnCertificate> certificates, TimeSpan warnBefore, TimeSpan interval, HostMetrics metrics, TimeProvider time, ILogger<CertificateExpiry> logger) : BackgroundService
{
    private static readonly TimeSpan RepeatPeriod = TimeSpan.FromDays(1);

    private readonly Lock _looking = new();
    private readonly Dictionary<string, (DateTimeOffset End, DateTimeOffset LookedAt)> _looked = [];

    /// <summary>Looks at all.</summary>
    internal void Look()
    {
        if (warnBefore == TimeSpan.Zero) return;
        lock (_looking)
        {
            var now = time.GetUtcNow();
            foreach (var certificate in certificates) Look(certificate, now);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.Watch(() => certificates.Select(one => (one.Name, (one.EndsAt() - time.GetUtcNow()).TotalSeconds)));
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            Look();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Look(OwnCertificate certificate, DateTimeOffset now)
    {
        var end = certificate.EndsAt();
        if (_looked.TryGetValue(certificate.Name, out var last) && last.End == end && now - last.LookedAt < RepeatPeriod) return;
        _looked[certificate.Name] = (end, now);
        if (end <= now) LogExpired(certificate.Name, end);
        else if (end - now < warnBefore) LogExpires(certificate.Name, end, (int)(end - now).TotalDays);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificate of {Certificate}, or one that is sent with it, expires in {Days} days, at {End:u}")]
    private partial void LogExpires(string certificate, DateTimeOffset end, int days);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificate of {Certificate}, or one that is sent with it, expired at {End:u}")]
    private partial void LogExpired(string certificate, DateTimeOffset end);
}
