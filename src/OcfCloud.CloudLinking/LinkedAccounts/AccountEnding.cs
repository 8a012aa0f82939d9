using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>The first half of unlinking, in the caller's transaction: at once nothing of the account is there for the user. <see cref="AccountUnlinking"/> does the other.</summary>
internal static class AccountEnding
{
    /// <summary>Ends what a user linked of a cloud, those included that were replaced before and whose tokens were kept till now (<see cref="UnlinkingQueue"/>).</summary>
    /// <param name="context">The transaction's context; the user's lock is taken.</param>
    /// <param name="mirrors">The mirrored devices.</param>
    /// <param name="user">The user.</param>
    /// <param name="linkedCloud">The cloud.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether anything was linked.</returns>
    public static async Task<bool> EndAsync(
        CloudDbContext context, MirrorStore mirrors, UserId user, Guid linkedCloud, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ofBoth = context.Set<LinkedAccount>().Where(account => account.UserId == user && account.LinkedCloudId == linkedCloud);
        var ended = await BeginAsync(ofBoth.Where(account => account.State != AccountState.Unlinking), now, cancellationToken);
        await ofBoth.Where(account => account.State == AccountState.Unlinking && account.DueAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(account => account.DueAt, now), cancellationToken);
        await mirrors.RemoveAllAsync(context, user, linkedCloud, cancellationToken);
        return ended > 0;
    }

    /// <summary>Leaves accounts to be cleaned up at their clouds. Tokens stay: that takes them. So does the lease of who is working on one.</summary>
    public static Task<int> BeginAsync(IQueryable<LinkedAccount> which, DateTimeOffset now, CancellationToken cancellationToken) => which.ExecuteUpdateAsync(
        row => row.SetProperty(account => account.State, AccountState.Unlinking)
            .SetProperty(account => account.DueAt, now)
            .SetProperty(account => account.Failures, 0)
            .SetProperty(account => account.NeedsRetrieval, false)
            .SetProperty(account => account.Trouble, (string?)null),
        cancellationToken);
}
