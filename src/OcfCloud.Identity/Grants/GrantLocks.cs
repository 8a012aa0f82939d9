using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;
using OpenIddict.EntityFrameworkCore.Models;

namespace OcfCloud.Identity.Grants;

/// <summary>The locks of whoever lets a client in or takes that back, in the order in which they are taken: the user's (<see cref="UserLock"/>), the client's, those
/// of grants; then what Core locks. So a revocation and a subscription that is being made see each other, and nothing deadlocks.</summary>
/// <remarks>On SQLite a write transaction is alone: there the queries are plain ones.</remarks>
internal static class GrantLocks
{
    /// <summary>Keeps a client from being removed until the transaction ends; does not wait for others that do the same.</summary>
    /// <returns>False where there is no such client (any more).</returns>
    public static async Task<bool> KeepClientAsync(this CloudDbContext context, string clientId, CancellationToken cancellationToken) => context.LocksRows
        ? (await context.Set<OpenIddictEntityFrameworkCoreApplication>()
            .FromSql($"""SELECT * FROM oauth_clients WHERE "ClientId" = {clientId} FOR KEY SHARE""").AsNoTracking().ToListAsync(cancellationToken)).Count > 0
        : await context.Set<OpenIddictEntityFrameworkCoreApplication>().AnyAsync(row => row.ClientId == clientId, cancellationToken);

    /// <summary>Locks and reads a client that is to be removed: waits for subscriptions that are being made for it.</summary>
    public static async Task<OpenIddictEntityFrameworkCoreApplication?> LockClientAsync(this CloudDbContext context, string clientId, CancellationToken cancellationToken) =>
        (context.LocksRows
            ? await context.Set<OpenIddictEntityFrameworkCoreApplication>()
                .FromSql($"""SELECT * FROM oauth_clients WHERE "ClientId" = {clientId} FOR UPDATE""").AsNoTracking().ToListAsync(cancellationToken)
            : await context.Set<OpenIddictEntityFrameworkCoreApplication>().Where(row => row.ClientId == clientId).AsNoTracking().ToListAsync(cancellationToken))
        .SingleOrDefault();

    /// <summary>Locks grants in order of id, before their tokens are touched.</summary>
    /// <returns>Their ids.</returns>
    public static async Task<List<string>> LockGrantsAsync(
        this CloudDbContext context, IQueryable<OpenIddictEntityFrameworkCoreAuthorization> which, CancellationToken cancellationToken)
    {
        var ids = await which.OrderBy(grant => grant.Id).Select(grant => grant.Id!).ToListAsync(cancellationToken);
        if (context.LocksRows && ids.Count > 0)
        {
            var asked = ids.ToArray();
            await context.Database.ExecuteSqlAsync($"""SELECT 1 FROM oauth_grants WHERE "Id" = ANY({asked}) ORDER BY "Id" FOR NO KEY UPDATE""", cancellationToken);
        }

        return ids;
    }
}
