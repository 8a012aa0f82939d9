using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.Host.Metrics;

namespace OcfCloud.Host.Tests.Metrics;

public sealed class CertificateExpiryTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly Warnings _warnings = new();
    private DateTimeOffset _end = Start.AddDays(31);
    private CertificateExpiry? _expiry;

    public void Dispose() => _expiry?.Dispose();

    [Fact]
    public async Task The_log_is_silent_until_the_time_and_warns_once_a_day_from_then_on()
    {
        await StartAsync();
        Assert.Empty(_warnings.Written);

        Pass(TimeSpan.FromDays(1) + Interval);
        Assert.Equal("The certificate of https, or one that is sent with it, expires in 29 days, at 2026-02-01 00:00:00Z", Assert.Single(_warnings.Written));

        Pass(TimeSpan.FromHours(23));
        Assert.Single(_warnings.Written);
        Pass(TimeSpan.FromHours(1));
        Assert.Equal(2, _warnings.Written.Count);
    }

    [Fact]
    public async Task At_the_start_it_warns_at_once()
    {
        _end = Start.AddDays(3);
        await StartAsync();

        Assert.Contains("in 3 days", Assert.Single(_warnings.Written), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_read_again_is_looked_at_at_once()
    {
        _end = Start.AddDays(3);
        await StartAsync();

        _end = Start.AddDays(90);
        Pass(Interval);
        Assert.Single(_warnings.Written);

        _end = Start.AddDays(5);
        Pass(Interval);
        Assert.Contains("in 4 days", _warnings.Written[^1], StringComparison.Ordinal);
        Assert.Equal(2, _warnings.Written.Count);
    }

    [Fact]
    public async Task One_that_expired_is_said_to_have()
    {
        _end = Start.AddDays(-1);
        await StartAsync();

        Assert.Equal("The certificate of https, or one that is sent with it, expired at 2025-12-31 00:00:00Z", Assert.Single(_warnings.Written));
    }

    [Fact]
    public async Task Zero_never_warns()
    {
        _end = Start.AddDays(1);
        await StartAsync(TimeSpan.Zero);

        Assert.Empty(_warnings.Written);
    }

    private async Task StartAsync(TimeSpan? warnBefore = null)
    {
        _expiry = new CertificateExpiry([new OwnCertificate("https", () => _end)], warnBefore ?? TimeSpan.FromDays(30), Interval, new HostMetrics(null), _time, _warnings);
        await _expiry.StartAsync(TestContext.Current.CancellationToken);
        _expiry.Look();
    }

    // The loop begins, and takes its ticks, on other threads: what it would do is done here, and is not done twice.
    private void Pass(TimeSpan time)
    {
        _time.Advance(time);
        _expiry!.Look();
    }

    private sealed class Warnings : ILogger<CertificateExpiry>
    {
        private readonly List<string> _written = [];

        public IReadOnlyList<string> Written
        {
            get
            {
                lock (_written) return [.. _written];
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Assert.Equal(LogLevel.Warning, logLevel);
            lock (_written) _written.Add(formatter(state, exception));
        }
    }
}
