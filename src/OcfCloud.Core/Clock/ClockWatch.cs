using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Metrics;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.Core.Clock;

/// <summary>Looks at the clock every second, tells the operator of steps, and has deliveries looked at again where it went back: a clock that was ahead has dated them too late.</summary>
internal sealed partial class ClockWatch : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly SteadyClock _clock;
    private readonly ClockOptions _options;
    private readonly DeliveryQueue _deliveries;
    private readonly ILogger<ClockWatch> _logger;
    private TimeSpan _ahead;
    private long _followed;

    public ClockWatch(SteadyClock clock, ClockOptions options, DeliveryQueue deliveries, CoreMetrics metrics, ILogger<ClockWatch> logger)
    {
        (_clock, _options, _deliveries, _logger) = (clock, options, deliveries, logger);
        metrics.Watch(clock);
    }

    /// <summary>Looks once.</summary>
    internal void Look()
    {
        _clock.GetUtcNow();
        var (followed, by) = _clock.Followed;
        if (followed > _followed)
        {
            (_followed, _ahead) = (followed, TimeSpan.Zero);
            LogFollowed(by);
            if (by < TimeSpan.Zero) _deliveries.ReviewDates();
        }
        var ahead = _clock.Ahead;
        if (ahead != TimeSpan.Zero && (ahead - _ahead).Duration() > _options.MaxStep)
        {
            _ahead = ahead;
            LogStepped(ahead, _options.SteadyAfter);
        }
        else if (ahead == TimeSpan.Zero && _ahead != TimeSpan.Zero)
        {
            _ahead = TimeSpan.Zero;
            LogBack();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, _clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) Look();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The system's clock has stepped by {Step}. The cloud goes on by the time that has passed, and follows the clock when it stays so for {SteadyAfter}")]
    private partial void LogStepped(TimeSpan step, TimeSpan steadyAfter);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The system's clock is back: its step was not followed")]
    private partial void LogBack();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The system's clock stayed as it was set: the cloud follows its step by {Step}, and what is over by it ends")]
    private partial void LogFollowed(TimeSpan step);
}
