using Microsoft.EntityFrameworkCore;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>An account that this process works on: it holds its lease.</summary>
/// <param name="Account">Its row as it was claimed.</param>
/// <param name="Cloud">Its cloud's row.</param>
/// <param name="Node">This node.</param>
/// <param name="DueAt">What the claim wrote into <see cref="LinkedAccount.DueAt"/>: another value says that somebody has more work since.</param>
internal sealed record AccountInHand(LinkedAccount Account, LinkedCloud Cloud, Guid Node, DateTimeOffset DueAt)
{
    public Guid Id => Account.Id;

    public UserId User => Account.UserId;

    public Guid CloudId => Account.LinkedCloudId;

    /// <summary>Whether the time has come for work that was put off (<see cref="LinkedAccount.DueAt"/>), or there is just an event.</summary>
    public bool IsDue { get; init; }

    /// <summary>Whether calls may be made.</summary>
    public bool MayCall => Account.State == AccountState.Linked;

    /// <summary>The first statement of each transaction of the work: locks the user's row, as whoever unlinks or erases does, and the account's (<see cref="AccountLock"/>), and looks
    /// whether it is still there, not being unlinked, and this node's to work on.</summary>
    public async Task<bool> IsHeldAsync(CloudDbContext context, CancellationToken cancellationToken)
    {
        await UserLock.TakeAsync(context, User, cancellationToken);
        return (await AccountLock.TakeAsync(context, [Id], cancellationToken)) is [{ State: not AccountState.Unlinking } row] && row.WorkNode == Node;
    }

    /// <summary>Has all devices retrieved anew.</summary>
    public Task<int> FlagRetrievalAsync(CloudDbContext context, CancellationToken cancellationToken) => FlagRetrievalAsync(context, [Id], cancellationToken);

    /// <inheritdoc cref="FlagRetrievalAsync(CloudDbContext, CancellationToken)"/>
    public static Task<int> FlagRetrievalAsync(CloudDbContext context, Guid[] accounts, CancellationToken cancellationToken) =>
        context.Set<LinkedAccount>().Where(a => accounts.Contains(a.Id)).ExecuteUpdateAsync(
            row => row.SetProperty(a => a.NeedsRetrieval, true).SetProperty(a => a.RetrievalsAsked, a => a.RetrievalsAsked + 1), cancellationToken);
}
