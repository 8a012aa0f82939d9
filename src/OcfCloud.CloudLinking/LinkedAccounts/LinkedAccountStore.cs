using Microsoft.EntityFrameworkCore;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>What a user linked: seeing it, and taking it back.</summary>
public sealed class LinkedAccountStore
{
    private readonly Store _store;
    private readonly MirrorStore _mirrors;
    private readonly UnlinkingSignal _unlinking;
    private readonly AuditTrail _audit;
    private readonly TimeProvider _time;

    internal LinkedAccountStore(Store store, MirrorStore mirrors, UnlinkingSignal unlinking, AuditTrail audit, TimeProvider time) =>
        (_store, _mirrors, _unlinking, _audit, _time) = (store, mirrors, unlinking, audit, time);

    /// <summary>All linked clouds in order of their names, with what the user has of each.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<LinkedAccountSummary>> ListAsync(UserId user, CancellationToken cancellationToken)
    {
        var (clouds, accounts) = await _store.ReadAsync(
            async (context, token) => (
                await context.Set<LinkedCloud>().Where(cloud => !cloud.Removing).OrderBy(cloud => cloud.Name).ToListAsync(token),
                await context.Set<LinkedAccount>().Where(account => account.UserId == user && account.State != AccountState.Unlinking)
                    .ToDictionaryAsync(account => account.LinkedCloudId, token)),
            cancellationToken);
        List<LinkedAccountSummary> all = [];
        foreach (var cloud in clouds)
        {
            if (!accounts.TryGetValue(cloud.Id, out var account))
            {
                all.Add(new LinkedAccountSummary(cloud, State: null));
                continue;
            }

            all.Add(new LinkedAccountSummary(cloud, account.State)
            {
                LinkedAt = account.LinkedAt,
                LastEventAt = account.LastEventAt,
                LastRetrievalAt = account.LastSyncAt,
                Devices = await _mirrors.CountAsync(user, cloud.Id, cancellationToken),
                Trouble = account.Trouble,
            });
        }

        return all;
    }

    /// <summary>Unlinks a user's account of a cloud: its devices are gone here at once; its subscriptions and tokens there are ended as soon as that cloud answers.</summary>
    /// <returns>False where there was nothing to unlink.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<bool> UnlinkAsync(UserId user, string cloudName, CancellationToken cancellationToken)
    {
        var unlinked = await _store.WriteAsync(
            async (context, token) =>
            {
                await UserLock.TakeAsync(context, user, token);
                if (await context.Set<LinkedCloud>().AsNoTracking().SingleOrDefaultAsync(cloud => cloud.Name == cloudName, token) is not { } cloud
                    || !await AccountEnding.EndAsync(context, _mirrors, user, cloud.Id, _time.GetUtcNow(), token))
                {
                    return false;
                }

                _audit.Add(context, AuditKind.AccountUnlinked, $"cloud:{cloudName}", user);
                return true;
            },
            cancellationToken);
        if (unlinked) _unlinking.Set();
        return unlinked;
    }
}
