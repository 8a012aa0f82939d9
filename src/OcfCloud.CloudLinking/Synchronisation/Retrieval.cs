using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>Retrieves all devices of an account and makes the mirror the same. What cannot be retrieved changes nothing.</summary>
internal sealed partial class Retrieval(
    Store store, MirrorStore mirrors, SubscriptionRows subscriptions, SubscriptionEndings endings, ITargetCalls calls, IOptions<CloudLinkingOptions> options, TimeProvider time,
    ILogger<Retrieval> logger)
{
    // Devices written at once: other writers have their turn in between.
    private const int DevicesAtOnce = 100;

    private readonly CloudLinkingOptions _options = options.Value;

    /// <summary>Retrieves.</summary>
    /// <param name="account">The account.</param>
    /// <param name="isAfterSilence">Whether events should have told of any difference: where there is one, subscriptions were forgotten.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Why it did not succeed; null: it did, or the account is not this node's any more.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<TargetTrouble?> RunAsync(AccountInHand account, bool isAfterSilence, CancellationToken cancellationToken)
    {
        var asked = await store.ReadAsync(
            (context, token) => context.Set<LinkedAccount>().Where(a => a.Id == account.Id).Select(a => a.RetrievalsAsked).SingleOrDefaultAsync(token), cancellationToken);
        var answer = await calls.SendAsync(
            account.Id,
            new TargetRequest(HttpMethod.Get, $"{TargetPaths.Devices}?content=base") { Accept = RemoteFormat.Json.MediaType(), MaxAnswer = _options.MaxListSize, IsBackground = true },
            cancellationToken);
        if (answer is not { Outcome: TargetOutcome.Answered, Status: 200 }) return TargetTrouble.Of(account.Cloud.Name, "the devices", answer);
        var mirrored = await store.ReadAsync((context, token) => MirrorStore.IdsOf(context, account.User, account.CloudId).ToHashSetAsync(token), cancellationToken);
        if (ToldDevices.TryReadList(answer.ContentType, answer.Body, mirrored, _options.MaxDevices, _options.MaxLinksPerDevice) is not { } told)
            return TargetTrouble.Rubbish(account.Cloud.Name, "list of devices");
        if (told.LeftOut > 0) LogLeftOut(account.Id, account.Cloud.Name, told.LeftOut);

        var difference = await mirrors.CompareAsync(account.User, account.CloudId, told.Devices, cancellationToken);
        difference = difference with { Gone = [.. difference.Gone.Where(device => !told.Unread.Contains(device))] };
        foreach (var some in difference.Changed.Chunk(DevicesAtOnce))
        {
            var isHeld = await store.WriteAsync(
                async (context, token) =>
                {
                    if (!await account.IsHeldAsync(context, token)) return false;
                    await mirrors.PutAsync(context, account.User, account.CloudId, some, token);
                    return true;
                },
                cancellationToken);
            if (!isHeld) return null;
        }
        var isUntold = isAfterSilence && difference.Changed.Count + difference.Gone.Count > 0;
        await store.WriteAsync((context, token) => EndAsync(context, account, asked, difference, isUntold, token), cancellationToken);
        LogRetrieved(account.Id, account.Cloud.Name, told.Devices.Count, difference.Changed.Count, difference.Gone.Count);
        return null;
    }

    private async Task EndAsync(
        CloudDbContext context, AccountInHand account, int asked, MirrorDifference difference, bool isUntold, CancellationToken cancellationToken)
    {
        if (!await account.IsHeldAsync(context, cancellationToken)) return;
        if (difference.Gone.Count > 0)
        {
            await mirrors.RemoveAsync(context, account.User, account.CloudId, difference.Gone, cancellationToken);
            await endings.EndUnwantedAsync(context, account, cancellationToken);
        }
        if (isUntold) await subscriptions.DoubtAsync(context, account, cancellationToken);
        var now = time.GetUtcNow();
        await context.Set<LinkedAccount>().Where(a => a.Id == account.Id).ExecuteUpdateAsync(row => row.SetProperty(a => a.LastSyncAt, now), cancellationToken);
        // Where somebody found a gap meanwhile, it may be one that this does not close.
        await context.Set<LinkedAccount>().Where(a => a.Id == account.Id && a.RetrievalsAsked == asked)
            .ExecuteUpdateAsync(row => row.SetProperty(a => a.NeedsRetrieval, false), cancellationToken);
    }
}
