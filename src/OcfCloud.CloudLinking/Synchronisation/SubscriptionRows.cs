using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>
/// The rows of subscriptions at other clouds. A row says that a subscription is wanted; it is there before the other cloud is asked, so that an event that comes before the
/// answer finds it, and one whose answer was lost is made anew with another id: what the other cloud may have made is answered by 410 and ends.
/// <code>
///   wanted ─► Making ──201, or a signed event──► Live ──cancelled there──► Making, another id, a while later
///               └──no answer──► Making, another id          └──not wanted──► Ending ──DELETE──► gone
/// </code>
/// </summary>
internal sealed class SubscriptionRows(Store store, CloudEvents events, SealedSecrets secrets, IOptions<CloudLinkingOptions> options, TimeProvider time)
{
    /// <summary>Of a device that the other cloud lists but gives no events of.</summary>
    public const int RestsOfRefused = 10;

    // A request and the wait for its place.
    private const int RequestsInAnAttempt = 3;

    // Characters without a meaning in JSON or HTTP; 64 of them, so that a byte picks one evenly.
    private const string SecretCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private const int SecretLength = 32;

    private readonly CloudLinkingOptions _options = options.Value;

    /// <summary>Writes the row of a new subscription, to be asked for now.</summary>
    public RequestedSubscription Make(CloudDbContext context, Guid account, SubscriptionLevel level, DeviceId? device, string? href)
    {
        var secret = RandomNumberGenerator.GetString(SecretCharacters, SecretLength);
        var row = new RemoteSubscription
        {
            Id = Guid.NewGuid(),
            AccountId = account,
            Level = level,
            DeviceId = device,
            Href = href,
            SigningSecret = secrets.Seal(SecretPurpose.SigningSecret, secret),
            State = RemoteSubscriptionState.Making,
            MadeAt = time.GetUtcNow() + (_options.RequestTimeout * RequestsInAnAttempt),
        };
        context.Add(row);
        return new RequestedSubscription(row.Id, account, level, device, href, secret);
    }

    /// <summary>Makes the row of one that is not <see cref="RemoteSubscriptionState.Live"/> anew under another id; who is interested in its resource stays so.</summary>
    /// <returns>Null where it has come to life since it was read, or is gone.</returns>
    public Task<RequestedSubscription?> RemakeAsync(CloudDbContext context, RemoteSubscription old, CancellationToken cancellationToken) =>
        ReplaceAsync(context, old, context.Set<RemoteSubscription>().Where(s => s.Id == old.Id && s.State == RemoteSubscriptionState.Making), cancellationToken);

    /// <summary>The same for one that the other cloud cancelled: not asked for before a while has passed.</summary>
    public async Task RemakeLaterAsync(CloudDbContext context, RemoteSubscription old, CancellationToken cancellationToken)
    {
        if (await ReplaceAsync(context, old, context.Set<RemoteSubscription>().Where(s => s.Id == old.Id), cancellationToken) is not { } made) return;
        var at = time.GetUtcNow() + _options.ResubscribeDelay;
        await context.Set<RemoteSubscription>().Where(s => s.Id == made.Id).ExecuteUpdateAsync(row => row.SetProperty(s => s.MadeAt, at), cancellationToken);
    }

    /// <summary>Takes subscriptions of a level in hand that are wanted and have to be asked for.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<RequestedSubscription>> TakeDueAsync(AccountInHand account, SubscriptionLevel level, int max, CancellationToken cancellationToken)
    {
        // Nearly always none: that takes no writer's turn.
        if (!await store.ReadAsync(
            async (context, token) => await Due(context, account, level).AnyAsync(token) || await IsMissingAsync(context, account, level, token), cancellationToken))
            return [];
        return await store.WriteAsync((context, token) => TakeDueAsync(context, account, level, max, token), cancellationToken);
    }

    /// <summary>Keeps what the other cloud answered.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task SettleAsync(Guid cloud, IReadOnlyCollection<(RequestedSubscription Request, SubscribeAnswer Answer)> answers, CancellationToken cancellationToken)
    {
        if (answers.Count == 0) return;
        await store.WriteAsync((context, token) => SettleAsync(context, answers, token), cancellationToken);
        // By itself: the cloud's row is locked before those of accounts.
        foreach (var (_, answer) in answers.Where(a => a.Request.Level == SubscriptionLevel.Devices)) await events.LearnAsync(cloud, answer.Kind, cancellationToken);
    }

    /// <summary>The subscription of an account's devices level, where it is live.</summary>
    public static Task<RemoteSubscription?> LiveOfAllAsync(CloudDbContext context, Guid account, CancellationToken cancellationToken) => context.Set<RemoteSubscription>()
        .AsNoTracking().Where(s => s.AccountId == account && s.State == RemoteSubscriptionState.Live && s.Level == SubscriptionLevel.Devices).FirstOrDefaultAsync(cancellationToken);

    /// <summary>Has the subscriptions of devices and resources made anew, for the other cloud may have forgotten them; one whose event comes before is left as it is.</summary>
    public async Task DoubtAsync(CloudDbContext context, AccountInHand account, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await context.Set<RemoteSubscription>().Where(s => s.AccountId == account.Id && s.State == RemoteSubscriptionState.Live && s.Level != SubscriptionLevel.Devices)
            .ExecuteUpdateAsync(row => row.SetProperty(s => s.State, RemoteSubscriptionState.Making).SetProperty(s => s.MadeAt, now), cancellationToken);
    }

    /// <summary>Those of an account that are wanted.</summary>
    internal static IQueryable<RemoteSubscription> OfAccount(CloudDbContext context, Guid account) =>
        context.Set<RemoteSubscription>().Where(s => s.AccountId == account && s.State != RemoteSubscriptionState.Ending);

    private IQueryable<RemoteSubscription> Due(CloudDbContext context, AccountInHand account, SubscriptionLevel level)
    {
        var now = time.GetUtcNow();
        return OfAccount(context, account.Id).Where(s => s.Level == level && s.State == RemoteSubscriptionState.Making && s.MadeAt <= now);
    }

    private static async Task<bool> IsMissingAsync(CloudDbContext context, AccountInHand account, SubscriptionLevel level, CancellationToken cancellationToken) => level switch
    {
        SubscriptionLevel.Devices => !await OfAccount(context, account.Id).AnyAsync(s => s.Level == level, cancellationToken),
        SubscriptionLevel.Device => await Missing(context, account).AnyAsync(cancellationToken),
        _ => false,
    };

    private static IQueryable<DeviceId> Missing(CloudDbContext context, AccountInHand account)
    {
        var subscriptions = OfAccount(context, account.Id).Where(s => s.Level == SubscriptionLevel.Device);
        return MirrorStore.IdsOf(context, account.User, account.CloudId).Where(device => !subscriptions.Any(s => s.DeviceId == device));
    }

    private async Task<IReadOnlyList<RequestedSubscription>> TakeDueAsync(
        CloudDbContext context, AccountInHand account, SubscriptionLevel level, int max, CancellationToken cancellationToken)
    {
        if (!await account.IsHeldAsync(context, cancellationToken)) return [];
        var requested = new List<RequestedSubscription>();
        // New ones first: what failed before may fail again.
        if (level == SubscriptionLevel.Device)
        {
            foreach (var device in await Missing(context, account).Take(max).ToListAsync(cancellationToken))
                requested.Add(Make(context, account.Id, level, device, href: null));
        }
        var isNew = level == SubscriptionLevel.Devices && await IsMissingAsync(context, account, level, cancellationToken);
        if (isNew) requested.Add(Make(context, account.Id, level, device: null, href: null));
        var due = await Due(context, account, level).AsNoTracking().OrderBy(s => s.MadeAt).Take(max - requested.Count).ToListAsync(cancellationToken);
        foreach (var old in due)
        {
            if (await RemakeAsync(context, old, cancellationToken) is { } remade) requested.Add(remade);
        }
        // What happened while there was none was not told: of devices the first events say what there is now, not what has gone; of links they say both.
        if (isNew || (due.Count > 0 && level == SubscriptionLevel.Devices)) await account.FlagRetrievalAsync(context, cancellationToken);
        return requested;
    }

    private async Task<RequestedSubscription?> ReplaceAsync(
        CloudDbContext context, RemoteSubscription old, IQueryable<RemoteSubscription> row, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var interests = await context.Set<ResourceInterest>().AsNoTracking().Where(i => i.RemoteSubscriptionId == old.Id && i.Until > now).ToListAsync(cancellationToken);
        if (await row.ExecuteDeleteAsync(cancellationToken) == 0) return null;
        var made = Make(context, old.AccountId, old.Level, old.DeviceId, old.Href);
        foreach (var interest in interests) context.Add(new ResourceInterest { RemoteSubscriptionId = made.Id, Node = interest.Node, Until = interest.Until });
        await context.SaveChangesAsync(cancellationToken);
        return made with { IsAgain = true };
    }

    private async Task SettleAsync(
        CloudDbContext context, IReadOnlyCollection<(RequestedSubscription Request, SubscribeAnswer Answer)> answers, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await AccountLock.TakeAsync(context, answers.Select(a => a.Request.Account), cancellationToken);
        Guid[] ids = [.. answers.Select(a => a.Request.Id)];
        var rows = await context.Set<RemoteSubscription>().Where(s => ids.Contains(s.Id)).ToDictionaryAsync(s => s.Id, cancellationToken);
        foreach (var (request, answer) in answers)
        {
            if (!rows.TryGetValue(request.Id, out var row)) continue;
            // One that is to be ended needs its id too.
            if (answer.Kind == SubscribeAnswerKind.Made) row.SubscriptionId ??= answer.SubscriptionId;
            // An event was quicker than the answer, or it is not wanted any more.
            if (row.State != RemoteSubscriptionState.Making) continue;
            switch (answer.Kind)
            {
                case SubscribeAnswerKind.Made:
                    row.State = RemoteSubscriptionState.Live;
                    row.MadeAt = now;
                    break;
                case SubscribeAnswerKind.UnknownTarget or SubscribeAnswerKind.NoEvents when row.Level == SubscriptionLevel.Resource:
                    context.Remove(row);
                    break;
                case SubscribeAnswerKind.UnknownTarget or SubscribeAnswerKind.Refused:
                    row.MadeAt = now + (_options.ResubscribeDelay * RestsOfRefused);
                    break;
                case SubscribeAnswerKind.Broken:
                    var asked = answer.Trouble?.RetryAfter;
                    row.MadeAt = now + (asked > _options.ResubscribeDelay ? asked.Value : _options.ResubscribeDelay);
                    break;
                case SubscribeAnswerKind.NoEvents:
                    row.MadeAt = now + _options.EventsProbeInterval;
                    break;
                default:
                    // Whenever the account's turn comes again.
                    row.MadeAt = now;
                    break;
            }
        }
        await context.SaveChangesAsync(cancellationToken);
        // Whether it is gone is asked once: one that is listed all the same is not looked for by a list each time.
        var accounts = answers.Where(a => a.Answer.Kind == SubscribeAnswerKind.UnknownTarget && a.Request is { Level: SubscriptionLevel.Device, IsAgain: false })
            .Select(a => a.Request.Account).Distinct().ToArray();
        if (accounts.Length > 0) await AccountInHand.FlagRetrievalAsync(context, accounts, cancellationToken);
    }
}
