using System.Text.Json.Nodes;

namespace OcfCloud.Simulator.Cloud;

/// <summary>
/// What a signed-in device does of itself: it publishes, refreshes its token ahead of the expiry, and pings. When links are due survives the session.
/// </summary>
/// <param name="configuration">What is kept of the cloud.</param>
/// <param name="generation">The configuration that it is for.</param>
/// <param name="entrance">Refreshes.</param>
/// <param name="links">What to publish; null or empty: nothing.</param>
/// <param name="timing">Periods.</param>
/// <param name="time">The clock.</param>
/// <param name="tell">Gets each step, for people.</param>
internal sealed class CloudStay(
    CloudConfiguration configuration,
    long generation,
    CloudEntrance entrance,
    Func<JsonArray>? links,
    CloudTiming timing,
    TimeProvider time,
    Action<string> tell)
{
    private const double RefreshAfter = 0.8;
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);
    private readonly BackOff _publishBackOff = new(timing.BackOffFirst, timing.BackOffMax, Random.Shared);
    private DateTimeOffset _publishAt = links is null ? DateTimeOffset.MaxValue : DateTimeOffset.MinValue;

    /// <summary>Stays until the session ends.</summary>
    /// <returns>Why it ended.</returns>
    public async Task<CloudTrouble> RunAsync(CloudSession session, CancellationToken cancellationToken)
    {
        var refreshAt = RefreshTime();
        var pingAt = time.GetUtcNow() + timing.PingInterval;
        var misses = 0;
        try
        {
            while (!session.Ended.IsCompleted)
            {
                if (_publishAt <= time.GetUtcNow())
                    await PublishAsync(session, cancellationToken);
                if (refreshAt <= time.GetUtcNow())
                {
                    var (_, trouble) = await entrance.RefreshAsync(session, generation, configuration.Current.Tokens!, cancellationToken);
                    if (trouble is { IsFinal: true })
                        return trouble;
                    refreshAt = trouble is null ? RefreshTime() : time.GetUtcNow() + timing.BackOffFirst;
                }

                if (pingAt <= time.GetUtcNow())
                {
                    misses = session.IsPingUnanswered ? misses + 1 : 0;
                    if (misses >= timing.PingMisses)
                        return Lost("the cloud does not answer pings");
                    pingAt = time.GetUtcNow() + timing.PingInterval;
                    session.Ping();
                }

                await WaitAsync(session, Earliest(_publishAt, Earliest(refreshAt, pingAt)), cancellationToken);
            }

            return Lost($"the connection to the cloud ended ({await session.Ended})");
        }
        catch (CloudUnreachableException e)
        {
            return Lost(e.Message);
        }
    }

    private async Task PublishAsync(CloudSession session, CancellationToken cancellationToken)
    {
        var published = links!();
        var count = published.Count;
        var reply = await session.PublishAsync(published, timing.LinkLifetime, cancellationToken);
        if (!reply.IsSuccess)
        {
            tell($"the cloud did not take the links: {reply}");
            _publishAt = time.GetUtcNow() + _publishBackOff.Next();
            return;
        }

        _publishBackOff.Reset();
        tell($"published {count} resources");
        _publishAt = time.GetUtcNow() + TimeSpan.FromSeconds(timing.LinkLifetime / 2.0);
    }

    private async Task WaitAsync(CloudSession session, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var wait = until - time.GetUtcNow();
        if (wait <= TimeSpan.Zero)
            return;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(session.Ended, Task.Delay(wait < LongestWait ? wait : LongestWait, time, enough.Token));
        await enough.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private DateTimeOffset RefreshTime()
    {
        var now = time.GetUtcNow();
        return configuration.Current.Tokens?.ExpiresAt is { } end ? now + ((end - now) * RefreshAfter) : DateTimeOffset.MaxValue;
    }

    private static DateTimeOffset Earliest(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static CloudTrouble Lost(string message) => new(CloudError.NoConnection, IsFinal: false, message);
}
