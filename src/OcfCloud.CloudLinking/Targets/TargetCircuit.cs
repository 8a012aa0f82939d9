using Polly;
using Polly.CircuitBreaker;

namespace OcfCloud.CloudLinking.Targets;

/// <summary>
/// Leaves a Target alone that failed too often. What one user's device does must not count for all users of its cloud.
/// <code>
///   call about the cloud ─► breaker ─► sent
///   call about one device ─► is the breaker closed, or time for a try? ─► sent ─► no connection, no HTTP, an answer below 500: told to the breaker
///                                                                           └─► a 5xx, silence or endless body: told to nobody
/// </code>
/// </summary>
internal sealed class TargetCircuit
{
    // A device that hangs does not keep the next one from trying.
    private static readonly TimeSpan TryPeriod = TimeSpan.FromSeconds(1);

    private readonly ResiliencePipeline<TargetAnswer> _breaker;
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly TimeProvider _time;

    // Of the time provider's UTC ticks.
    private long _openUntil;
    private long _triedAt;

    /// <summary>Makes it.</summary>
    /// <param name="options">When it opens, and for how long.</param>
    /// <param name="time">The clock.</param>
    /// <param name="opened">Is told when it opens: for how long, and the last failure in words.</param>
    /// <param name="closed">Is told when it closes.</param>
    public TargetCircuit(CloudLinkingOptions options, TimeProvider time, Action<TimeSpan, string> opened, Action closed)
    {
        _time = time;
        _breaker = new ResiliencePipelineBuilder<TargetAnswer> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<TargetAnswer>
            {
                FailureRatio = 0.5,
                MinimumThroughput = options.RestAfter,
                SamplingDuration = options.RestWindow,
                BreakDuration = options.RestTime,
                StateProvider = _state,
                ShouldHandle = arguments => ValueTask.FromResult(IsTrouble(arguments.Outcome.Result!)),
                OnOpened = arguments =>
                {
                    Volatile.Write(ref _openUntil, (time.GetUtcNow() + arguments.BreakDuration).UtcTicks);
                    opened(arguments.BreakDuration, arguments.Outcome.Result?.Detail ?? "");
                    return ValueTask.CompletedTask;
                },
                OnClosed = _ =>
                {
                    closed();
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>Sends, unless the Target is left alone.</summary>
    /// <param name="subject">What the answer speaks of.</param>
    /// <param name="send">Sends; its failures are answers.</param>
    public async ValueTask<TargetAnswer> SendAsync(TargetSubject subject, Func<ValueTask<TargetAnswer>> send)
    {
        try
        {
            return subject == TargetSubject.Cloud ? await _breaker.ExecuteAsync(_ => send(), CancellationToken.None) : await SendToDeviceAsync(send);
        }
        catch (BrokenCircuitException e)
        {
            return TargetFailure.Resting(e.RetryAfter);
        }
    }

    private async ValueTask<TargetAnswer> SendToDeviceAsync(Func<ValueTask<TargetAnswer>> send)
    {
        if (_state.CircuitState == CircuitState.Closed) return await TellAsync(await send());
        var left = new DateTimeOffset(Volatile.Read(ref _openUntil), TimeSpan.Zero) - _time.GetUtcNow();
        if (left > TimeSpan.Zero) return TargetFailure.Resting(left);

        // One in a while finds out whether it is well again.
        var (now, tried) = (_time.GetUtcNow().UtcTicks, Volatile.Read(ref _triedAt));
        if (now - tried < TryPeriod.Ticks || Interlocked.CompareExchange(ref _triedAt, now, tried) != tried) return TargetFailure.Resting(null);
        return await TellAsync(await send());
    }

    private async ValueTask<TargetAnswer> TellAsync(TargetAnswer answer)
    {
        var speaksOfCloud = answer.Outcome is TargetOutcome.Unreachable or TargetOutcome.Unreadable || answer is { Outcome: TargetOutcome.Answered, Status: < 500 };
        if (!speaksOfCloud) return answer;
        try
        {
            return await _breaker.ExecuteAsync(_ => ValueTask.FromResult(answer), CancellationToken.None);
        }
        catch (BrokenCircuitException)
        {
            // Others have opened it meanwhile, or try it at this moment: the answer is one all the same.
            return answer;
        }
    }

    // 501: it has not what was asked for, and says so well.
    private static bool IsTrouble(TargetAnswer answer) => answer.Outcome != TargetOutcome.Answered || answer.Status is >= 500 and not 501;
}
