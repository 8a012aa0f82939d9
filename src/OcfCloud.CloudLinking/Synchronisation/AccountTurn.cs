using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>
/// What is done on an account that was claimed. It may be broken off between any two steps: each begins with what the store says is wanted.
/// <code>
///   events ─► devices-level subscription ─► all devices, where wanted ─► subscriptions of devices and resources ─► cancellations
///               (first: nothing falls in between)        (in between: events again)
/// </code>
/// </summary>
internal sealed class AccountTurn(
    Store store, Inbox inbox, Retrieval retrieval, SubscriptionRows rows, SubscriptionCalls calls, AccountClaims claims, IOptions<CloudLinkingOptions> options,
    TimeProvider time)
{
    // Requests between two looks at the inbox, for each that may run at once.
    private const int RequestsInARow = 8;

    private readonly CloudLinkingOptions _options = options.Value;

    /// <summary>Works on the account.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<TurnEnd> RunAsync(AccountInHand account, CancellationToken cancellationToken)
    {
        await inbox.ApplyAsync(account, cancellationToken);
        // What failed is not asked again because of an event.
        if (!account.MayCall || (!account.IsDue && account.Account.Failures > 0)) return new TurnEnd(null, KeepsFailures: true);
        return new TurnEnd(await CallAsync(account, cancellationToken));
    }

    private async Task<TargetTrouble?> CallAsync(AccountInHand account, CancellationToken cancellationToken)
    {
        // A cloud that gives no events of devices may still tell of them.
        var trouble = await MakeAsync(account, SubscriptionLevel.Devices, cancellationToken);
        if (await IsRetrievalDueAsync(account, cancellationToken))
        {
            if (await retrieval.RunAsync(account, cancellationToken) is { } failed) return failed;
            await inbox.ApplyAsync(account, cancellationToken);
        }
        if (trouble is not null) return trouble;
        if (await HasEventsAsync(account, cancellationToken))
        {
            trouble = await MakeAsync(account, SubscriptionLevel.Device, cancellationToken) ?? await MakeAsync(account, SubscriptionLevel.Resource, cancellationToken);
            if (trouble is not null) return trouble;
        }
        return await EndAsync(account, cancellationToken);
    }

    private async Task<TargetTrouble?> MakeAsync(AccountInHand account, SubscriptionLevel level, CancellationToken cancellationToken)
    {
        while (true)
        {
            var requested = await rows.TakeDueAsync(account, level, _options.MaxParallelSubscriptions * RequestsInARow, cancellationToken);
            if (requested.Count == 0) return null;
            var answers = new ConcurrentBag<(RequestedSubscription Request, SubscribeAnswer Answer)>();
            await Parallel.ForEachAsync(
                requested,
                new ParallelOptions { MaxDegreeOfParallelism = _options.MaxParallelSubscriptions, CancellationToken = cancellationToken },
                async (request, token) => answers.Add((request, await calls.SubscribeAsync(account.Cloud.Name, request, isBackground: true, token))));
            await rows.SettleAsync(account.CloudId, answers, cancellationToken);
            await inbox.ApplyAsync(account, cancellationToken);
            // One that is refused for itself is no reason to stop.
            if (answers.FirstOrDefault(a => a.Answer.Kind is SubscribeAnswerKind.Failed or SubscribeAnswerKind.NeedsLinking).Answer is { } failed) return failed.Trouble;
        }
    }

    private async Task<TargetTrouble?> EndAsync(AccountInHand account, CancellationToken cancellationToken)
    {
        if (await rows.IsAnyUnwantedAsync(account, cancellationToken))
        {
            await store.WriteAsync(
                async (context, token) =>
                {
                    if (await account.IsHeldAsync(context, token)) await rows.EndUnwantedAsync(context, account, token);
                },
                cancellationToken);
        }
        while (true)
        {
            var ending = await rows.EndingAsync(account, _options.MaxParallelSubscriptions * RequestsInARow, cancellationToken);
            if (ending.Count == 0) return null;
            var answers = new ConcurrentBag<(Guid Id, TargetTrouble? Trouble)>();
            await Parallel.ForEachAsync(
                ending,
                new ParallelOptions { MaxDegreeOfParallelism = _options.MaxParallelSubscriptions, CancellationToken = cancellationToken },
                async (row, token) => answers.Add((row.Id, row.SubscriptionId is not { } id
                    ? null
                    : await calls.UnsubscribeAsync(account.Cloud.Name, account.Id, row.Level, row.DeviceId, row.Href, id, token))));
            await rows.SettleEndingAsync(
                [.. answers.Where(a => a.Trouble is null).Select(a => a.Id)], [.. answers.Where(a => a.Trouble is not null).Select(a => a.Id)], cancellationToken);
            if (answers.FirstOrDefault(a => a.Trouble is not null).Trouble is { } trouble) return trouble;
        }
    }

    private async Task<bool> IsRetrievalDueAsync(AccountInHand account, CancellationToken cancellationToken)
    {
        var row = await store.ReadAsync((context, token) => context.Set<LinkedAccount>().SingleOrDefaultAsync(a => a.Id == account.Id, token), cancellationToken);
        if (row is null) return false;
        return row.NeedsRetrieval || claims.NextRetrieval(row, await store.ReadAsync((context, token) => HasEventsAsync(context, account, token), cancellationToken)) <= time.GetUtcNow();
    }

    // Not known yet counts as yes.
    private async Task<bool> HasEventsAsync(AccountInHand account, CancellationToken cancellationToken) =>
        await store.ReadAsync((context, token) => HasEventsAsync(context, account, token), cancellationToken) != false;

    private static Task<bool?> HasEventsAsync(CloudDbContext context, AccountInHand account, CancellationToken cancellationToken) =>
        context.Set<LinkedCloud>().Where(c => c.Id == account.CloudId).Select(c => c.HasEvents).SingleOrDefaultAsync(cancellationToken);
}
