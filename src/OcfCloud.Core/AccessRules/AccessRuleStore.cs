using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.Core.AccessRules;

/// <summary>The access rules of users.</summary>
public sealed class AccessRuleStore
{
    /// <summary>Rules that one user may have.</summary>
    public const int MaxRules = 1000;

    private readonly Store _store;
    private readonly Outbox _outbox;
    private readonly SubscriptionRevocation _subscriptions;
    private readonly AuditTrail _audit;

    internal AccessRuleStore(Store store, Outbox outbox, SubscriptionRevocation subscriptions, AuditTrail audit)
    {
        _store = store;
        _outbox = outbox;
        _subscriptions = subscriptions;
        _audit = audit;
    }

    /// <summary>A user's rules in the order in which they were written.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<AccessRule>> GetAsync(UserId user, CancellationToken cancellationToken) =>
        await _store.ReadAsync((context, token) => GetAsync(context, user, token), cancellationToken);

    /// <summary>Replaces all rules of a user, with the event that tells every node; the subscriptions of resources that their clients may not observe any more end.</summary>
    /// <returns>False where there are more than <see cref="MaxRules"/>, or the user was erased; nothing was stored then.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<bool> ReplaceAsync(UserId user, IReadOnlyList<AccessRule> rules, CancellationToken cancellationToken) =>
        rules.Count <= MaxRules
        && await _store.WriteAsync(
            async (context, token) =>
            {
                if ((await context.LockUserAsync(user, token)).Erased) return false;
                // What changes nothing leaves nothing: no event, and no entry in a record that is kept for long.
                if ((await GetAsync(context, user, token)).SequenceEqual(rules)) return true;
                await context.Set<AccessRuleRow>().Where(r => r.UserId == user).ExecuteDeleteAsync(token);
                context.AddRange(rules.Select((rule, position) => new AccessRuleRow
                {
                    UserId = user,
                    Position = position,
                    Subject = rule.Subject,
                    DeviceId = rule.Device,
                    Href = rule.Href,
                    Allow = rule.Allow,
                }));
                _audit.Add(context, AuditKind.AccessRulesChanged, $"user:{user}", user, $"{rules.Count} rules");
                _outbox.Add(context, EventKind.AccessRulesChanged, user);
                await _subscriptions.RevokeForbiddenAsync(context, user, new AccessRuleSet(rules), token);
                return true;
            },
            cancellationToken);

    /// <summary>The same as <see cref="GetAsync(UserId, CancellationToken)"/>, in a transaction.</summary>
    internal static async Task<List<AccessRule>> GetAsync(CloudDbContext context, UserId user, CancellationToken cancellationToken) =>
        (await context.Set<AccessRuleRow>().AsNoTracking().Where(r => r.UserId == user).OrderBy(r => r.Position).ToListAsync(cancellationToken))
            .ConvertAll(r => AccessRule.Stored(r.Subject, r.DeviceId, r.Href, r.Allow));
}
