using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>Which node refreshes an account's tokens, and what comes of it, as the store keeps them. No lock is held while another cloud is asked: a lease is.</summary>
internal sealed class TokenRefreshLease(
    Store store, MirrorStore mirrors, SealedSecrets secrets, NodeIdentity node, IOptions<CloudLinkingOptions> options, TimeProvider time)
{
    /// <summary>Takes the refresh of a generation, unless another node has it, or it failed a moment ago.</summary>
    /// <remarks>
    /// What this node itself holds it may take: one process has one flight a generation, so the holder was a flight that could not save, or this node's former life, which
    /// died between the answer and its saving. (SQLite: whoever held it; there is no other node.) The other cloud takes the superseded refresh token for a short time still:
    /// to wait for the lease would be to lose the link. Renewing it is not needed either: who can write can save.
    /// </remarks>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> TryTakeAsync(AccountToken token)
    {
        var (me, now) = (node.Id, time.GetUtcNow());
        var until = now + options.Value.TokenTimeout + options.Value.TokenSaveTime;
        return store.WriteAsync(
            async (context, cancellationToken) => await Of(context, token)
                .Where(a => a.State != AccountState.NeedsLinking
                    && (a.RefreshUntil == null || a.RefreshUntil <= now || (a.RefreshNode != null && (!context.LocksRows || a.RefreshNode == me))))
                .ExecuteUpdateAsync(row => row.SetProperty(a => a.RefreshNode, me).SetProperty(a => a.RefreshUntil, until), cancellationToken) > 0,
            CancellationToken.None);
    }

    /// <summary>Gives it back with new tokens: the next generation.</summary>
    /// <returns>False where the account was linked anew meanwhile, or is gone.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> SaveAsync(AccountToken token, ReceivedTokens received, DateTimeOffset receivedAt)
    {
        var access = secrets.Seal(SecretPurpose.AccessToken, received.AccessToken);
        var refresh = received.RefreshToken is { } text ? secrets.Seal(SecretPurpose.RefreshToken, text) : null;
        var expiresAt = receivedAt + received.ExpiresIn;
        // One statement: an account that is linked anew at this moment keeps its new tokens.
        return store.WriteAsync(
            async (context, cancellationToken) => await Of(context, token).ExecuteUpdateAsync(
                row => row.SetProperty(a => a.AccessToken, access).SetProperty(a => a.RefreshToken, a => refresh ?? a.RefreshToken)
                    .SetProperty(a => a.ExpiresAt, expiresAt).SetProperty(a => a.Scope, a => received.Scope ?? a.Scope)
                    .SetProperty(a => a.Generation, a => a.Generation + 1)
                    // Of a refresh that was refused; what else is wrong the next work on the account says again.
                    .SetProperty(a => a.Trouble, (string?)null)
                    .SetProperty(a => a.RefreshNode, (Guid?)null).SetProperty(a => a.RefreshUntil, (DateTimeOffset?)null),
                cancellationToken) > 0,
            CancellationToken.None);
    }

    /// <summary>Gives it back without: nobody tries again until then.</summary>
    /// <param name="token">The token that was to be refreshed.</param>
    /// <param name="until">When it is tried again.</param>
    /// <param name="trouble">What is wrong, in words for the user; null: what stood there stays.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task RestAsync(AccountToken token, DateTimeOffset until, string? trouble) => store.WriteAsync(
        (context, cancellationToken) => Of(context, token).ExecuteUpdateAsync(
            row => row.SetProperty(a => a.RefreshNode, (Guid?)null).SetProperty(a => a.RefreshUntil, until).SetProperty(a => a.Trouble, a => trouble ?? a.Trouble),
            cancellationToken),
        CancellationToken.None);

    /// <summary>Marks the account: no call is made until it is linked again. One that is being unlinked stays as it is. Whoever observes devices of it hears of it.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task RefuseAsync(AccountToken token, string words) => store.WriteAsync(
        async (context, cancellationToken) =>
        {
            var linked = Of(context, token).Where(a => a.State == AccountState.Linked);
            if (await linked.Select(a => new { a.UserId }).SingleOrDefaultAsync(cancellationToken) is not { } owner) return;
            await mirrors.TouchAsync(context, owner.UserId, cancellationToken);
            await linked.ExecuteUpdateAsync(
                row => row.SetProperty(a => a.State, AccountState.NeedsLinking).SetProperty(a => a.Trouble, words)
                    .SetProperty(a => a.RefreshNode, (Guid?)null).SetProperty(a => a.RefreshUntil, (DateTimeOffset?)null),
                cancellationToken);
        },
        CancellationToken.None);

    /// <summary>The account, and whether it is worth to try to take its refresh.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<(LinkedAccount? Row, bool IsFree)> ReadAsync(AccountToken token) => store.ReadAsync(
        async (context, cancellationToken) =>
        {
            var row = await context.Set<LinkedAccount>().SingleOrDefaultAsync(a => a.Id == token.Account, cancellationToken);
            return (row, row is not null && IsFree(context, row));
        },
        CancellationToken.None);

    private bool IsFree(CloudDbContext context, LinkedAccount row) =>
        row.RefreshUntil is not { } until || until <= time.GetUtcNow() || (row.RefreshNode is { } holder && (!context.LocksRows || holder == node.Id));

    private static IQueryable<LinkedAccount> Of(CloudDbContext context, AccountToken token) =>
        context.Set<LinkedAccount>().Where(a => a.Id == token.Account && a.Generation == token.Generation);
}
