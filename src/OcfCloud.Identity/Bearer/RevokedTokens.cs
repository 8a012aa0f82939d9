using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.AuthorizationServer;
using OcfCloud.Identity.DeviceClients;
using OpenIddict.EntityFrameworkCore.Models;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace OcfCloud.Identity.Bearer;

/// <summary>Which access tokens of the authorization server were taken back although their time is not over, without a query for every request.</summary>
/// <remarks>What was read is used for the check interval; the first check after that reads again: the revoked ones, few and short-lived, and the clients that
/// there are, for with a removed client its tokens' rows are gone.</remarks>
internal sealed class RevokedTokens
{
    private static readonly TimeSpan LeastReload = TimeSpan.FromMilliseconds(200);

    private readonly Store _store;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly SharedRead<Snapshot> _reading;
    private volatile Snapshot? _snapshot;

    public RevokedTokens(Store store, IOptions<AuthorizationServerOptions> options, TimeProvider time)
    {
        _store = store;
        _time = time;
        _interval = options.Value.RevocationCheckInterval;
        _reading = new SharedRead<Snapshot>(ReadAsync);
    }

    /// <summary>Whether a token is not to be taken any more.</summary>
    /// <param name="tokenId">Its <c>oi_tkn_id</c>.</param>
    /// <param name="clientId">Its <c>client_id</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async ValueTask<bool> ContainsAsync(string tokenId, string clientId, CancellationToken cancellationToken)
    {
        var snapshot = Fresh(_interval) ?? await LoadAsync(_interval, cancellationToken);

        // A client may be newer than what was read.
        if (!snapshot.Clients.Contains(clientId)) snapshot = Fresh(LeastReload) ?? await LoadAsync(LeastReload, cancellationToken);
        return snapshot.Tokens.Contains(tokenId) || !snapshot.Clients.Contains(clientId);
    }

    /// <summary>The ids of tokens that were revoked themselves. Here and below what the store's index begins with is named: nothing reads the whole table.</summary>
    internal static IQueryable<string> Revoked(CloudDbContext context, DateTime now) => Unexpired(context, now, Statuses.Revoked).Select(row => row.Id!);

    /// <summary>The ids of tokens that came of a revoked grant after it was revoked: a refresh was under way.</summary>
    internal static IQueryable<string> OfRevokedGrants(CloudDbContext context, DateTime now) =>
        Unexpired(context, now, Statuses.Valid).Where(row => row.Authorization!.Status == Statuses.Revoked).Select(row => row.Id!);

    private static IQueryable<OpenIddictEntityFrameworkCoreToken> Unexpired(CloudDbContext context, DateTime now, string status) => context
        .Set<OpenIddictEntityFrameworkCoreToken>().Where(row => row.Status == status && row.Type == TokenTypeIdentifiers.AccessToken && row.ExpirationDate > now);

    private Snapshot? Fresh(TimeSpan age) => _snapshot is { } snapshot && _time.GetElapsedTime(snapshot.ReadAt) < age ? snapshot : null;

    private async Task<Snapshot> LoadAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        var asked = _time.GetTimestamp();
        while (true)
        {
            var snapshot = await _reading.JoinAsync(cancellationToken);
            // A reading that had begun before may be too old for whoever joined it: the next one is not.
            if (snapshot.ReadAt >= asked || _time.GetElapsedTime(snapshot.ReadAt) < age) return snapshot;
        }
    }

    private async Task<Snapshot> ReadAsync()
    {
        var at = _time.GetTimestamp();
        var now = _time.GetUtcNow().UtcDateTime - TokenLifetime.Skew;
        var (tokens, clients) = await _store.ReadAsync(
            async (context, token) => (
                (await Revoked(context, now).ToListAsync(token)).Concat(await OfRevokedGrants(context, now).ToListAsync(token)),
                await context.Set<OpenIddictEntityFrameworkCoreApplication>().Where(row => row.ApplicationType != DeviceApplication.Type).Select(row => row.ClientId!).ToListAsync(token)),
            CancellationToken.None);
        return _snapshot = new Snapshot(tokens.ToFrozenSet(StringComparer.Ordinal), clients.ToFrozenSet(StringComparer.Ordinal), at);
    }

    private sealed record Snapshot(FrozenSet<string> Tokens, FrozenSet<string> Clients, long ReadAt);
}
