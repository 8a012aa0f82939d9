using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.Metrics;
using OcfCloud.Core.Devices;

namespace OcfCloud.CloudLinking.Targets;

/// <summary>
/// See <see cref="ITargetCalls"/>.
/// <code>
///   account ─► its token, refreshed when it is about to end ─► a place among its own requests ─► its cloud's pipeline ─► 401: refreshed and sent once more ─► 401 of the cloud's own API: to be linked again
/// </code>
/// </summary>
internal sealed class TargetCalls(
    AccountTokens tokens, AccountTokenRefresh renewal, KnownAccounts accounts, TargetPipelines pipelines, CloudLinkingMetrics metrics,
    IOptions<CloudLinkingOptions> options, TimeProvider time)
    : ITargetCalls, IDisposable
{
    private const int Unauthorized = 401;

    // Before the cloud's places, so that one user's requests leave places for all others of that cloud.
    private readonly PartitionedRateLimiter<(Guid Account, bool IsBackground)> _places = PartitionedRateLimiter.Create<(Guid Account, bool IsBackground), (Guid, bool)>(
        of => RateLimitPartition.GetConcurrencyLimiter(of, _ => new ConcurrencyLimiterOptions
        {
            PermitLimit = options.Value.MaxParallelPerAccount,
            QueueLimit = options.Value.MaxQueuedPerAccount,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }));

    public async Task<TargetAnswer> SendAsync(Guid account, TargetRequest request, CancellationToken cancellationToken) =>
        TargetPath.IsClean(request.Path)
            ? await CountAsync(SendInTimeAsync(account, request, cancellationToken)).WaitAsync(cancellationToken)
            : new TargetAnswer(TargetOutcome.Answered) { Status = 404, Detail = "The path leads out of the other cloud's API." };

    public void Dispose() => _places.Dispose();

    public ValueTask<Guid?> FindAccountAsync(UserId user, Guid linkedCloud, CancellationToken cancellationToken) => accounts.FindAsync(user, linkedCloud, cancellationToken);

    // Also where the asker went away meanwhile: what was sent came to an end all the same.
    private async Task<TargetAnswer> CountAsync(Task<TargetAnswer> sending)
    {
        var answer = await sending;
        metrics.Asked(answer);
        return answer;
    }

    private async Task<TargetAnswer> SendInTimeAsync(Guid account, TargetRequest request, CancellationToken asker)
    {
        using var deadline = new CancellationTokenSource(options.Value.RequestTimeout, time);
        try
        {
            var token = await tokens.FindAsync(account, deadline.Token);
            if (token is null) return TargetFailure.NeedsLinking with { Detail = "The account is not linked." };
            if (token.State == AccountState.NeedsLinking) return TargetFailure.NeedsLinking;
            if (token.Value is null) return Failed(await renewal.RefuseAsync(token, "This cloud can no longer read what it kept of this link."));
            if (token.ExpiresAt <= time.GetUtcNow())
            {
                var renewed = await renewal.RefreshAsync(token).WaitAsync(deadline.Token);
                if (renewed.Token is not { Value: not null }) return Failed(renewed);
                token = renewed.Token;
            }
            else if (token.RefreshAt <= time.GetUtcNow())
            {
                // While the old one lives nobody waits for the next, nor for what becomes of it.
                _ = renewal.RefreshAsync(token);
            }

            using var place = await PlaceAsync(account, request, asker, deadline.Token);
            return place is { IsAcquired: true } ? await SendAsync(token, request, asker, deadline.Token) : TargetFailure.Crowded;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !asker.IsCancellationRequested)
        {
            return TargetFailure.TimedOut;
        }
    }

    // Null: there was none in time.
    private async Task<RateLimitLease?> PlaceAsync(Guid account, TargetRequest request, CancellationToken asker, CancellationToken deadline)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(asker, deadline);
        try
        {
            return await _places.AcquireAsync((account, request.IsBackground), 1, either.Token);
        }
        catch (OperationCanceledException) when (!asker.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<TargetAnswer> SendAsync(AccountToken token, TargetRequest request, CancellationToken asker, CancellationToken deadline)
    {
        if (await pipelines.TakeAsync(token.LinkedCloud, deadline) is not { } use) return TargetFailure.NeedsLinking with { Detail = "The account is not linked." };
        using (use)
        {
            var answer = await SendAsync(use.Pipeline, token, request, asker, deadline);
            if (answer is not { Outcome: TargetOutcome.Answered, Status: Unauthorized }) return answer;

            // The 401 may be the device's own, which must end no link, and not cost a refresh each time.
            var isOfDevice = request.Subject == TargetSubject.Device;
            if (isOfDevice && (token.IsRefusedByDevice || !token.CanBeRefreshed)) return answer;
            var renewed = await renewal.RefreshAsync(token).WaitAsync(deadline);
            if (renewed.Token is not { Value: not null } fresh) return Failed(renewed);
            answer = await SendAsync(use.Pipeline, fresh, request, asker, deadline);
            if (answer is not { Outcome: TargetOutcome.Answered, Status: Unauthorized }) return answer;
            if (!isOfDevice) return Failed(await renewal.RefuseAsync(fresh, "The other cloud refuses the access that it has just given: link again."));
            tokens.NoteRefusalOfDevice(fresh);
            return answer;
        }
    }

    private static async Task<TargetAnswer> SendAsync(TargetPipeline pipeline, AccountToken token, TargetRequest request, CancellationToken asker, CancellationToken deadline)
    {
        using var message = new HttpRequestMessage(request.Method, TargetPath.Below(pipeline.Cloud.Url, request.Path));
        TargetHttp.Prepare(message);
        Add("Authorization", $"Bearer {token.Value}");
        Add("Correlation-ID", request.CorrelationId ?? Guid.NewGuid().ToString("D"));
        if (request.Accept is { } accept) Add("Accept", accept);
        if (request.ContentType is { } type)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        var lane = request.IsBackground ? TargetLane.Background : TargetLane.Requests;
        return await pipeline.SendAsync(lane, message, request.MaxAnswer, request.Subject, asker, deadline);

        void Add(string name, string value) => message.Headers.TryAddWithoutValidation(name, value);
    }

    private static TargetAnswer Failed(TokenRenewal renewal) =>
        (renewal.IsRefused ? TargetFailure.NeedsLinking : new TargetAnswer(TargetOutcome.Unreachable) { RetryAfter = renewal.RetryAfter }) with { Detail = renewal.Words };
}
