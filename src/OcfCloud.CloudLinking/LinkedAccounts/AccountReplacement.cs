using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>Puts a new account in the place of the user's former one of the same cloud, in one transaction.</summary>
/// <remarks>
/// The former account's subscriptions are cancelled one by one by their ids, with its own tokens, or
/// where those are refused with the new ones: that touches nothing of the new one at any Target. Its tokens are another matter. At a Target like ours each link is a grant of its own: revoking the old refresh token ends the old grant alone, and leaves the subscriptions, as the
/// client still holds the new one. But RFC 7009, 2.1 lets a Target end "related tokens and the underlying authorization grant", and where a user and client
/// share one grant (those that reuse it while the user's log-in there lasts, for one) revoking the old token would end the new ones. Nor could it go before: the code that
/// is about to be exchanged may be of that grant. So what was replaced is revoked when the account that replaced it is unlinked: then all of it is to end, and in any order
/// (<see cref="UnlinkingQueue"/> keeps it until then).
/// </remarks>
internal sealed class AccountReplacement(Store store, MirrorStore mirrors, UnlinkingSignal unlinking, AuditTrail audit)
{
    /// <summary>Keeps the account.</summary>
    /// <returns>False where the user or the cloud is gone: nothing was kept.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<bool> ReplaceAsync(LinkedAccount account, CancellationToken cancellationToken)
    {
        var (kept, replaced) = await store.WriteAsync(
            async (context, token) =>
            {
                if (!await UserLock.TakeAsync(context, account.UserId, token) || await CloudLock.KeepAsync(context, account.LinkedCloudId, token) is not { } cloud) return (false, 0);
                var former = context.Set<LinkedAccount>()
                    .Where(other => other.UserId == account.UserId && other.LinkedCloudId == account.LinkedCloudId && other.State != AccountState.Unlinking);

                // A statement of its own, before the new row: the index knows one account of a user and cloud.
                var ended = await AccountEnding.BeginAsync(former, account.LinkedAt, token);
                context.Add(account);
                audit.Add(context, AuditKind.AccountLinked, $"cloud:{cloud.Name}", account.UserId, ended > 0 ? "again" : null, AuditActor.OfUser(account.UserId));

                // Its devices are the same, but are asked and observed by the new account from now on.
                if (ended > 0) await mirrors.TouchAsync(context, account.UserId, token);
                return (true, ended);
            },
            cancellationToken);
        if (replaced > 0) unlinking.Set();
        return kept;
    }
}
