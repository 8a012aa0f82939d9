using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>Ends what is left of an unlinked account at its cloud: first the subscriptions, which need its tokens, then the tokens. What is done is not done again.</summary>
internal sealed class AccountCleanUp(
    Store store, LinkedCloudStore clouds, ITargetCalls calls, ITokenCalls tokens, SealedSecrets secrets, UnlinkingQueue queue, IOptions<LinkedAccountOptions> options,
    IOptions<CloudLinkingOptions> linking, TimeProvider time)
{
    /// <summary>Does as much as a turn allows.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<CleanUp> RunAsync(LinkedAccount account, CancellationToken cancellationToken)
    {
        // Gone with its accounts.
        if (await clouds.FindAsync(account.LinkedCloudId, cancellationToken) is not { } cloud) return CleanUp.Done;
        if (await CancelAsync(account, cancellationToken) is { } stopped) return stopped;
        if (await queue.ReplacementOfAsync(account, cancellationToken) is not null) return CleanUp.Replaced;
        return await RevokeAsync(cloud, account, cancellationToken) ? CleanUp.Done : CleanUp.Failed;
    }

    // Null: all are cancelled, or cannot be.
    private async Task<CleanUp?> CancelAsync(LinkedAccount account, CancellationToken cancellationToken)
    {
        using var turn = new CancellationTokenSource(options.Value.TurnTime, time);
        var subscriptions = await store.ReadAsync(
            (context, token) => context.Set<RemoteSubscription>().Where(one => one.AccountId == account.Id).ToListAsync(token), cancellationToken);
        var caller = account.Id;
        foreach (var some in subscriptions.Chunk(linking.Value.MaxParallelSubscriptions))
        {
            if (turn.IsCancellationRequested) return CleanUp.Unfinished;
            var answers = await CancelAsync(caller, some, cancellationToken);
            if (IsRefused(answers) && caller == account.Id && await queue.ReplacementOfAsync(account, cancellationToken) is { } replacement)
            {
                // The tokens of the account that replaced it are of the same client, and mostly of the same user over there.
                caller = replacement;
                answers = await CancelAsync(caller, some, cancellationToken);
            }

            // Without tokens that are good nothing can be cancelled, now or later: the first event is answered with 410, which does it.
            if (IsRefused(answers)) return null;
            var done = some.Where((_, at) => answers[at] is not { } answer || !IsWorthAnotherTry(answer)).Select(subscription => subscription.Id).ToArray();
            await store.WriteAsync(
                (context, token) => context.Set<RemoteSubscription>().Where(one => done.Contains(one.Id)).ExecuteDeleteAsync(token), cancellationToken);
            if (done.Length < some.Length) return CleanUp.Failed;
        }

        return null;
    }

    private static bool IsRefused(TargetAnswer?[] answers) => Array.Exists(answers, answer => answer?.Outcome == TargetOutcome.NeedsLinking);

    private Task<TargetAnswer?[]> CancelAsync(Guid caller, RemoteSubscription[] subscriptions, CancellationToken cancellationToken) =>
        Task.WhenAll(subscriptions.Select(subscription => CancelAsync(caller, subscription, cancellationToken)));

    // Null: one whose id is not known cannot be cancelled, and the same 410 does it.
    private async Task<TargetAnswer?> CancelAsync(Guid caller, RemoteSubscription subscription, CancellationToken cancellationToken) =>
        TargetPaths.OfSubscription(subscription.Level, subscription.DeviceId, subscription.Href, subscription.SubscriptionId) is { } path
            ? await calls.SendAsync(caller, new TargetRequest(HttpMethod.Delete, path) { Subject = SubscriptionCalls.SubjectOf(subscription.Level), IsBackground = true }, cancellationToken)
            : null;

    // What it answers else, a 404 among it, it will answer always.
    private static bool IsWorthAnotherTry(TargetAnswer answer) => answer.Outcome switch
    {
        TargetOutcome.Answered => answer.Status is 408 or 425 or 429 or 500 or > 501,
        TargetOutcome.TooLarge => false,
        _ => true,
    };

    // The refresh token first: with it the access tokens of its grant go (RFC 7009, 2.1), and a token that is no more is no error.
    private async Task<bool> RevokeAsync(LinkedCloud cloud, LinkedAccount account, CancellationToken cancellationToken)
    {
        if (cloud.RevocationEndpoint is null) return true;

        // Read anew: to cancel may have refreshed them.
        var now = await queue.FindAsync(account.Id, cancellationToken) ?? account;
        return (now.RefreshToken is null || secrets.TryOpen(SecretPurpose.RefreshToken, now.RefreshToken) is not { } refresh
                || await tokens.RevokeAsync(cloud, refresh, isRefreshToken: true, cancellationToken))
            && (secrets.TryOpen(SecretPurpose.AccessToken, now.AccessToken) is not { } access || await tokens.RevokeAsync(cloud, access, isRefreshToken: false, cancellationToken));
    }
}
