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
    Store store, Inbox inbox, Retrieval retrieval, SubscriptionRows rows, SubscriptionEndings endings, SubscriptionCalls calls, AccountClaims claims, CloudEvents events,
    IOptions<CloudLinkingOptions> options, TimeProvider time)
{
    // Requests between two looks at the inbox, for each that may run at once.
    private const int RequestsInARow = 8;

    private readonly CloudLinkingOptions _options = options.Value;

    /// <summary>Works on the account.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<TurnEnd> RunAsync(AccountInHand account, CancellationToken cancellationToken)
    {
        var hasMore = await inbox.ApplyAsync(account, cancellationToken);
        // Most events are all that there is to do; and what failed is not asked again because of one.
        if (!account.MayCall || (!account.IsDue && (!hasMore || account.Account.Failures > 0))) return new TurnEnd(null, KeepsFailures: true);
        using var turn = new CancellationTokenSource(_options.TurnTime, time);
        var trouble = await CallAsync(account, turn.Token, cancellationToken);
        return new TurnEnd(trouble, IsUnfinished: turn.IsCancellationRequested);
    }

    // The turn's end breaks nothing off, and of each kind of work some is done in every turn: one that is slow keeps no other waiting for good.
    private async Task<TargetTrouble?> CallAsync(AccountInHand account, CancellationToken turn, CancellationToken cancellationToken)
    {
        var (isSilent, trouble) = await EndSilenceAsync(account, cancellationToken);
        // A cloud that gives no events of devices may still tell of them.
        trouble ??= await MakeAsync(account, SubscriptionLevel.Devices, turn, cancellationToken);
        if (await IsRetrievalDueAsync(account, cancellationToken))
        {
            trouble = await retrieval.RunAsync(account, isSilent, cancellationToken) is { } ofList ? trouble ?? ofList : trouble;
            await inbox.ApplyAsync(account, cancellationToken);
        }
        // One that fails is no reason to leave the others: each is bounded by what is due.
        if (await HasEventsAsync(account, cancellationToken))
        {
            trouble = await MakeAsync(account, SubscriptionLevel.Device, turn, cancellationToken) is { } ofDevices ? trouble ?? ofDevices : trouble;
            trouble = await MakeAsync(account, SubscriptionLevel.Resource, turn, cancellationToken) is { } ofResources ? trouble ?? ofResources : trouble;
        }
        return await EndAsync(account, turn, cancellationToken) is { } ofEnds ? trouble ?? ofEnds : trouble;
    }

    // A subscription that the other cloud forgot is as silent as one without news: it is ended there, which tells the one from the other, and made anew.
    private async Task<(bool IsSilent, TargetTrouble? Trouble)> EndSilenceAsync(AccountInHand account, CancellationToken cancellationToken)
    {
        var ofAll = await store.ReadAsync((context, token) => SubscriptionRows.LiveOfAllAsync(context, account.Id, token), cancellationToken);
        if (ofAll is not { SubscriptionId: { } id } || claims.SilenceEnd(ofAll) > time.GetUtcNow()) return (false, null);
        var answer = await calls.UnsubscribeAsync(account.Cloud.Name, account.Id, ofAll.Level, device: null, href: null, id, cancellationToken);
        if (answer.Trouble is { } trouble) return (true, trouble);
        await store.WriteAsync(
            async (context, token) =>
            {
                if (!await account.IsHeldAsync(context, token)) return;
                // With what it told meanwhile: all is retrieved.
                await context.Set<RemoteSubscription>().Where(s => s.Id == ofAll.Id).ExecuteDeleteAsync(token);
                await account.FlagRetrievalAsync(context, token);
                if (answer.Kind == UnsubscribeAnswerKind.Unknown) await rows.DoubtAsync(context, account, token);
            },
            cancellationToken);
        return (true, null);
    }

    private async Task<TargetTrouble?> MakeAsync(AccountInHand account, SubscriptionLevel level, CancellationToken turn, CancellationToken cancellationToken)
    {
        do
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
        while (!turn.IsCancellationRequested);
        return null;
    }

    private async Task<TargetTrouble?> EndAsync(AccountInHand account, CancellationToken turn, CancellationToken cancellationToken)
    {
        if (await endings.IsAnyUnwantedAsync(account, cancellationToken))
        {
            await store.WriteAsync(
                async (context, token) =>
                {
                    if (await account.IsHeldAsync(context, token)) await endings.EndUnwantedAsync(context, account, token);
                },
                cancellationToken);
        }
        do
        {
            var ending = await endings.EndingAsync(account, _options.MaxParallelSubscriptions * RequestsInARow, cancellationToken);
            if (ending.Count == 0) return null;
            var answers = new ConcurrentBag<(Guid Id, UnsubscribeAnswer? Answer)>();
            await Parallel.ForEachAsync(
                ending,
                new ParallelOptions { MaxDegreeOfParallelism = _options.MaxParallelSubscriptions, CancellationToken = cancellationToken },
                async (row, token) => answers.Add((row.Id, row.SubscriptionId is not { } id
                    ? null
                    : await calls.UnsubscribeAsync(account.Cloud.Name, account.Id, row.Level, row.DeviceId, row.Href, id, token))));
            await endings.SettleEndingAsync(account, answers, cancellationToken);
            if (answers.FirstOrDefault(a => a.Answer?.Trouble is not null).Answer is { } failed) return failed.Trouble;
        }
        while (!turn.IsCancellationRequested);
        return null;
    }

    private Task<bool> IsRetrievalDueAsync(AccountInHand account, CancellationToken cancellationToken) => store.ReadAsync(
        async (context, token) =>
        {
            var row = await context.Set<LinkedAccount>().SingleOrDefaultAsync(a => a.Id == account.Id, token);
            return row is not null && claims.NextRetrieval(row, await SubscriptionRows.LiveOfAllAsync(context, account.Id, token)) <= time.GetUtcNow();
        },
        cancellationToken);

    // Not known yet counts as yes.
    private async Task<bool> HasEventsAsync(AccountInHand account, CancellationToken cancellationToken)
    {
        var (isLive, noted) = await store.ReadAsync(
            async (context, token) => (
                await SubscriptionRows.LiveOfAllAsync(context, account.Id, token) is not null,
                await context.Set<LinkedCloud>().Where(c => c.Id == account.CloudId).Select(c => c.HasEvents).SingleOrDefaultAsync(token)),
            cancellationToken);
        // What showed that it has may have come while nobody could note it.
        if (isLive && noted == false) await events.LearnAsync(account.Id, cancellationToken);
        return isLive || noted != false;
    }
}
