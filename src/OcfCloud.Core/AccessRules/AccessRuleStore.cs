using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.AccessRules;

/// <summary>The access rules of users.</summary>
public sealed class AccessRuleStore
{
    /// <summary>Rules that one user may have.</summary>
    public const int MaxRules = 1000;

    private readonly Store _store;
    private readonly Outbox _outbox;

    internal AccessRuleStore(Store store, Outbox outbox)
    {
        _store = store;
        _outbox = outbox;
    }

    /// <summary>A user's rules in the order in which they were written.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<AccessRule>> GetAsync(UserId user, CancellationToken cancellationToken)
    {
        var rows = await _store.ReadAsync(
            (context, token) => context.Set<AccessRuleRow>().Where(r => r.UserId == user).OrderBy(r => r.Position).ToListAsync(token), cancellationToken);
        return rows.ConvertAll(r => AccessRule.Stored(r.Subject, r.DeviceId, r.Href, r.Allow));
    }

    /// <summary>Replaces all rules of a user, with the event that tells every node.</summary>
    /// <returns>False where there are more than <see cref="MaxRules"/>, or the user was erased; nothing was stored then.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<bool> ReplaceAsync(UserId user, IReadOnlyList<AccessRule> rules, CancellationToken cancellationToken) =>
        rules.Count <= MaxRules
        && await _store.WriteAsync(
            async (context, token) =>
            {
                if ((await context.LockUserAsync(user, token)).Erased) return false;
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
                _outbox.Add(context, EventKind.AccessRulesChanged, user);
                return true;
            },
            cancellationToken);
}
