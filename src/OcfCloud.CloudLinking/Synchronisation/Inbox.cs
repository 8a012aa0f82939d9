using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.EventReceiver;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>
/// Works on confirmed events: those of a subscription in order, each applied in the transaction that takes it out of the inbox.
/// <code>
///   a page of events ─► devices that are new: fetched, or all retrieved anew ─► one transaction: applied, taken out ─► the next page
/// </code>
/// </summary>
internal sealed partial class Inbox(
    Store store, MirrorStore mirrors, SubscriptionRows subscriptions, SubscriptionEndings endings, ITargetCalls calls, IOptions<CloudLinkingOptions> options, ILogger<Inbox> logger)
{
    private const int PageSize = 64;

    private const string ContentChanged = "resource_contentchanged";

    // More new devices than that at once come by one list.
    private const int MaxFetches = 4;

    private readonly CloudLinkingOptions _options = options.Value;

    /// <summary>Works on all that waits for an account.</summary>
    /// <returns>Whether there is more to do because of it: devices or subscriptions came or went, or everything has to be retrieved anew.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<bool> ApplyAsync(AccountInHand account, CancellationToken cancellationToken)
    {
        var hasMore = false;
        while (true)
        {
            var page = await store.ReadAsync((context, token) => ReadAsync(context, account.Id, token), cancellationToken);
            if (page.Count == 0 || await ApplyAsync(account, page, cancellationToken) is not { } changed) return hasMore;
            hasMore |= changed;
            if (page.Count < PageSize) return hasMore;
        }
    }

    // Null: the account is not this node's any more.
    private async Task<bool?> ApplyAsync(AccountInHand account, List<WaitingEvent> page, CancellationToken cancellationToken)
    {
        try
        {
            var (fetched, missing) = await FetchAsync(account, page, cancellationToken);
            return await store.WriteAsync((context, token) => ApplyAsync(context, account, page, fetched, missing, token), cancellationToken);
        }
        catch (Exception e) when (e is not (OperationCanceledException or StoreUnavailableException))
        {
            // One that nothing can be made of must not keep the others waiting for ever: what it told is found by a retrieval.
            if (page.Count == 1) return await DropAsync(account, page[0], e, cancellationToken);
        }
        bool? hasMore = false;
        foreach (var waiting in page)
        {
            if (await ApplyAsync(account, [waiting], cancellationToken) is not { } changed) return null;
            hasMore |= changed;
        }
        return hasMore;
    }

    private Task<bool?> DropAsync(AccountInHand account, WaitingEvent waiting, Exception exception, CancellationToken cancellationToken)
    {
        LogDropped(exception, account.Id, waiting.Event.EventType, waiting.Event.SequenceNumber);
        return store.WriteAsync<bool?>(
            async (context, token) =>
            {
                if (!await account.IsHeldAsync(context, token)) return null;
                await TakeOutAsync(context, [waiting], token);
                await account.FlagRetrievalAsync(context, token);
                return true;
            },
            cancellationToken);
    }

    private static async Task TakeOutAsync(CloudDbContext context, List<WaitingEvent> page, CancellationToken cancellationToken)
    {
        foreach (var of in page.GroupBy(e => e.Subscription.Id))
        {
            var last = of.Max(e => e.Event.SequenceNumber);
            await context.Set<InboxEvent>().Where(e => e.RemoteSubscriptionId == of.Key && e.SequenceNumber <= last).ExecuteDeleteAsync(cancellationToken);
        }
    }

    internal static async Task<List<WaitingEvent>> ReadAsync(CloudDbContext context, Guid account, CancellationToken cancellationToken)
    {
        // Those of all devices first: what the others tell is of devices that are there.
        var ofAll = await context.Set<RemoteSubscription>().Where(s => s.AccountId == account && s.Level == SubscriptionLevel.Devices).Select(s => s.Id).ToArrayAsync(cancellationToken);
        var waiting = context.Set<InboxEvent>().Where(e => e.AccountId == account);
        var page = await ReadAsync(context, waiting.Where(e => ofAll.Contains(e.RemoteSubscriptionId)), PageSize, cancellationToken);
        if (page.Count < PageSize) page.AddRange(await ReadAsync(context, waiting.Where(e => !ofAll.Contains(e.RemoteSubscriptionId)), PageSize - page.Count, cancellationToken));
        return page;
    }

    private static async Task<List<WaitingEvent>> ReadAsync(CloudDbContext context, IQueryable<InboxEvent> events, int max, CancellationToken cancellationToken)
    {
        var rows = await (from e in events
                          join s in context.Set<RemoteSubscription>() on e.RemoteSubscriptionId equals s.Id
                          orderby e.RemoteSubscriptionId, e.SequenceNumber
                          select new { e, s }).Take(max).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new WaitingEvent(row.e, row.s));
    }

    // Calls are made before the transaction: what they tell is newer than the events, and what happens next comes by later events.
    private async Task<(Dictionary<DeviceId, MirroredContent> Fetched, bool Missing)> FetchAsync(AccountInHand account, List<WaitingEvent> page, CancellationToken cancellationToken)
    {
        var fetched = new Dictionary<DeviceId, MirroredContent>();
        var registered = page.Where(e => e.Is("devices_registered")).SelectMany(e => e.Devices()).Distinct().ToArray();
        if (registered.Length == 0) return (fetched, false);
        // One that goes and comes again is new, whatever is known of it.
        var gone = page.Where(e => e.Is("devices_unregistered")).SelectMany(e => e.Devices()).ToHashSet();
        var unknown = await store.ReadAsync(
            async (context, token) =>
            {
                if (await context.Set<LinkedAccount>().AnyAsync(a => a.Id == account.Id && a.NeedsRetrieval, token)) return [];
                var known = await MirrorStore.IdsOf(context, account.User, account.CloudId).ToHashSetAsync(token);
                known.ExceptWith(gone);
                return registered.Where(device => !known.Contains(device)).Take(Math.Max(0, _options.MaxDevices - known.Count)).ToList();
            },
            cancellationToken);
        if (unknown.Count > MaxFetches || (unknown.Count > 0 && !account.MayCall)) return (fetched, true);
        foreach (var device in unknown)
        {
            var answer = await calls.SendAsync(
                account.Id,
                new TargetRequest(HttpMethod.Get, $"{TargetPaths.OfDevice(device)}?content=base") { Accept = RemoteFormat.Json.MediaType(), MaxAnswer = _options.MaxEventSize, IsBackground = true },
                cancellationToken);
            // Gone again.
            if (answer is { Outcome: TargetOutcome.Answered, Status: 404 }) continue;
            if (answer is not { Outcome: TargetOutcome.Answered, Status: 200 }
                || ToldDevices.TryReadOne(answer.ContentType, answer.Body, device, _options.MaxLinksPerDevice) is not { } content) return (fetched, true);
            fetched[device] = content;
        }
        return (fetched, false);
    }

    private async Task<bool?> ApplyAsync(
        CloudDbContext context, AccountInHand account, List<WaitingEvent> page, Dictionary<DeviceId, MirroredContent> fetched, bool missing, CancellationToken cancellationToken)
    {
        if (!await account.IsHeldAsync(context, cancellationToken)) return null;
        var unregistered = false;
        // Of values the last is what there is now.
        var last = page.Where(e => e.Event.EventType == ContentChanged).GroupBy(e => e.Subscription.Id).ToDictionary(of => of.Key, of => of.Max(e => e.Event.SequenceNumber));
        foreach (var waiting in page)
        {
            if (waiting.Event.EventType == ContentChanged && waiting.Event.SequenceNumber < last[waiting.Subscription.Id]) continue;
            unregistered |= await ApplyAsync(context, account, waiting, fetched, cancellationToken);
            // What is taken away by a statement must not be remembered as there.
            await context.SaveChangesAsync(cancellationToken);
            context.ChangeTracker.Clear();
        }
        await TakeOutAsync(context, page, cancellationToken);
        if (unregistered) await endings.EndUnwantedAsync(context, account, cancellationToken);
        if (missing) await account.FlagRetrievalAsync(context, cancellationToken);
        var heard = page.Max(e => e.Event.ReceivedAt);
        await context.Set<LinkedAccount>().Where(a => a.Id == account.Id && (a.LastEventAt == null || a.LastEventAt < heard))
            .ExecuteUpdateAsync(row => row.SetProperty(a => a.LastEventAt, heard), cancellationToken);
        return missing || unregistered || fetched.Count > 0 || page.Exists(waiting => waiting.Event.EventType == ToldEvent.SubscriptionCancelled);
    }

    // Returns whether devices went.
    private async Task<bool> ApplyAsync(
        CloudDbContext context, AccountInHand account, WaitingEvent waiting, Dictionary<DeviceId, MirroredContent> fetched, CancellationToken cancellationToken)
    {
        var (user, cloud) = (account.User, account.CloudId);
        switch (waiting.Event.EventType)
        {
            case "devices_registered" when waiting.IsOfAll:
                await mirrors.PutAsync(context, user, cloud, [.. waiting.Devices().Where(fetched.ContainsKey).Select(device => fetched[device])], cancellationToken);
                break;
            case "devices_unregistered" when waiting.IsOfAll:
                var gone = waiting.Devices();
                if (gone.Count > 0) await mirrors.RemoveAsync(context, user, cloud, gone, cancellationToken);
                return gone.Count > 0;
            case "devices_online" or "devices_offline" when waiting.IsOfAll:
                await mirrors.SetOnlineAsync(context, user, cloud, waiting.Devices(), waiting.Is("devices_online"), cancellationToken);
                break;
            case "resources_published" when waiting.IsOfDevice(out var device):
                // The first of a subscription tells of all that there is: what was taken back before it began is not told.
                var links = waiting.Links(device, _options.MaxLinksPerDevice);
                await mirrors.PublishAsync(
                    context, user, cloud, device, links, _options.MaxLinksPerDevice, areAll: waiting.Event.SequenceNumber == 0, cancellationToken);
                break;
            case "resources_unpublished" when waiting.IsOfDevice(out var device):
                var hrefs = waiting.Hrefs(device);
                if (hrefs.Count > 0) await mirrors.UnpublishAsync(context, user, cloud, device, hrefs, cancellationToken);
                break;
            case ContentChanged when waiting.IsOfResource(out var device, out var href):
                if (await IsWantedAsync(context, waiting.Subscription.Id, cancellationToken)
                    && ToldPayload.TryReduce(waiting.Event.ContentType, device, waiting.Event.Body, out var format, out var value))
                    await mirrors.SetValueAsync(context, user, cloud, device, href, value, format.ContentFormat(), cancellationToken);
                break;
            case ToldEvent.SubscriptionCancelled:
                var id = waiting.Subscription.Id;
                if (await IsWantedAsync(context, id, cancellationToken)) await subscriptions.RemakeLaterAsync(context, waiting.Subscription, cancellationToken);
                else await context.Set<RemoteSubscription>().Where(s => s.Id == id).ExecuteDeleteAsync(cancellationToken);
                break;
            default:
                LogUnknown(account.Id, waiting.Event.EventType);
                break;
        }
        return false;
    }

    // By now: the last observer may have gone since the page was read.
    private static Task<bool> IsWantedAsync(CloudDbContext context, Guid subscription, CancellationToken cancellationToken) =>
        context.Set<RemoteSubscription>().AnyAsync(s => s.Id == subscription && s.State != RemoteSubscriptionState.Ending, cancellationToken);
}
