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
    // From the answer until it is stored, trouble with the store included.
    private static readonly TimeSpan SaveTime = TimeSpan.FromSeconds(20);

    /// <summary>Takes the refresh of a generation, unless somebody has it, or it failed a moment ago.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> TryTakeAsync(AccountToken token)
    {
        var (me, now) = (node.Id, time.GetUtcNow());
        var until = now + options.Value.TokenTimeout + SaveTime;
        return store.WriteAsync(
            async (context, cancellationToken) => await Of(context, token)
                .Where(a => a.State != AccountState.NeedsLinking && (a.RefreshUntil == null || a.RefreshUntil <= now))
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
                    .SetProperty(a => a.RefreshNode, (Guid?)null).SetProperty(a => a.RefreshUntil, (DateTimeOffset?)null),
                cancellationToken) > 0,
            CancellationToken.None);
    }

    /// <summary>Gives it back without: nobody tries again until then.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task RestAsync(AccountToken token, DateTimeOffset until) => store.WriteAsync(
        (context, cancellationToken) => Of(context, token)
            .ExecuteUpdateAsync(row => row.SetProperty(a => a.RefreshNode, (Guid?)null).SetProperty(a => a.RefreshUntil, until), cancellationToken),
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

    /// <summary>Who has it, and until when.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<LinkedAccount?> ReadAsync(AccountToken token) => store.ReadAsync(
        (context, cancellationToken) => context.Set<LinkedAccount>().SingleOrDefaultAsync(a => a.Id == token.Account, cancellationToken), CancellationToken.None);

    private static IQueryable<LinkedAccount> Of(CloudDbContext context, AccountToken token) =>
        context.Set<LinkedAccount>().Where(a => a.Id == token.Account && a.Generation == token.Generation);
}
