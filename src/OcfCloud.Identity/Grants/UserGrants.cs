using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Identity.Bearer;
using OpenIddict.EntityFrameworkCore.Models;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace OcfCloud.Identity.Grants;

/// <summary>Which clients a user let in, and taking that back (cloud-to-cloud.md, 1.2).</summary>
public sealed class UserGrants
{
    private readonly Store _store;
    private readonly SubscriptionRevocation _subscriptions;
    private readonly AuditTrail _audit;
    private readonly TimeProvider _time;

    internal UserGrants(Store store, SubscriptionRevocation subscriptions, AuditTrail audit, TimeProvider time) =>
        (_store, _subscriptions, _audit, _time) = (store, subscriptions, audit, time);

    /// <summary>The clients that hold a token of this user, and those that still hear events of the user though their tokens ran out; in order of their names.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<GrantedAccess>> ListAsync(UserId user, CancellationToken cancellationToken)
    {
        var subject = user.ToString();
        var (grants, calls, subscribed, names) = await _store.ReadAsync(
            async (context, token) =>
            {
                var subscribed = await SubscriptionRevocation.ClientsOfAsync(context, user, token);
                var clients = subscribed.Select(client => client.Client).ToArray();
                return (
                    await ThatHold(context)
                        .Where(grant => grant.Subject == subject)
                        .Select(grant => new { grant.Application!.ClientId, grant.Application.DisplayName, grant.Scopes, grant.CreationDate })
                        .ToListAsync(token),
                    await context.Set<ClientCall>().Where(call => call.UserId == user.Value).ToDictionaryAsync(call => call.ClientId, call => call.At, token),
                    subscribed,
                    await context.Set<OpenIddictEntityFrameworkCoreApplication>().Where(row => clients.Contains(row.ClientId))
                        .ToDictionaryAsync(row => row.ClientId!, row => row.DisplayName, token));
            },
            cancellationToken);
        var holders = grants.Select(grant => grant.ClientId!).ToHashSet(StringComparer.Ordinal);
        var hearers = subscribed.Where(client => !holders.Contains(client.Client))
            .Select(client => new GrantedAccess(
                client.Client, names.GetValueOrDefault(client.Client) ?? client.Client, [], client.Since, calls.TryGetValue(client.Client, out var at) ? at : null));
        return
        [
            .. grants.GroupBy(grant => grant.ClientId!, StringComparer.Ordinal)
                .Select(group => new GrantedAccess(
                    group.Key,
                    group.First().DisplayName ?? group.Key,
                    [.. group.SelectMany(grant => JsonSerializer.Deserialize<string[]>(grant.Scopes ?? "[]")!).Distinct(StringComparer.Ordinal)],
                    new DateTimeOffset(DateTime.SpecifyKind(group.Min(grant => grant.CreationDate) ?? default, DateTimeKind.Utc)),
                    calls.TryGetValue(group.Key, out var at) ? at : null))
                .Concat(hearers)
                .OrderBy(access => access.ClientName, StringComparer.Ordinal),
        ];
    }

    /// <summary>Ends all that a user allowed a client; its tokens are refused from then on, and its subscriptions are cancelled.</summary>
    /// <returns>False where there was nothing to end.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> RevokeAsync(UserId user, string clientId, CancellationToken cancellationToken)
    {
        var subject = user.ToString();
        return _store.WriteAsync(
            async (context, token) =>
            {
                await UserLock.TakeAsync(context, user, token);
                var ended = await RevokeAsync(context, grant => grant.Where(row => row.Subject == subject && row.Application!.ClientId == clientId), token);
                // Also where the tokens ran out before: what goes out to the client stops.
                ended |= await _subscriptions.RevokeAsync(context, user, clientId, token) > 0;
                if (ended) _audit.Add(context, AuditKind.ConsentRevoked, $"client:{clientId}", user);
                return ended;
            },
            cancellationToken);
    }

    /// <summary>Ends one grant with every token that came of it (RFC 7009, 2.1). Where it was the last that the client held of this user, its subscriptions end too.</summary>
    /// <param name="grantId">The grant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="suspicion">Why this cloud ends it by itself; null: the client wishes it.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    internal Task RevokeFamilyAsync(string grantId, CancellationToken cancellationToken, string? suspicion = null) =>
        _store.WriteAsync(
            async (context, token) =>
            {
                var granted = await context.Set<OpenIddictEntityFrameworkCoreAuthorization>().Where(row => row.Id == grantId)
                    .Select(row => new { row.Subject, row.Application!.ClientId }).FirstOrDefaultAsync(token);
                var isOfUser = UserId.TryParse(granted?.Subject, out var user);
                // Of two that take the last but one and the last away, the later sees what the other did.
                if (isOfUser) await UserLock.TakeAsync(context, user, token);
                if (await RevokeAsync(context, grant => grant.Where(row => row.Id == grantId), token) && isOfUser && granted?.ClientId is { } revoking)
                    _audit.Add(
                        context, AuditKind.ConsentRevoked, $"client:{revoking}", user, suspicion ?? "one of its grants", suspicion is null ? AuditActor.OfClient(revoking) : AuditActor.Cloud);
                if (!isOfUser || granted?.ClientId is not { } client || await HoldsAsync(context, user, client, token)) return;
                await _subscriptions.RevokeAsync(context, user, client, token);
            },
            cancellationToken);

    /// <summary>What is to be asked in the transaction that lets a caller hear of a user from then on (<see cref="SubscriptionStore"/>): whether the user lets the
    /// client in at that moment. The check of its token may be behind by the interval of that check.</summary>
    /// <param name="caller">The caller.</param>
    /// <returns>Null for a token that no grant stands behind: of a command, or of an external authority. It is good until it runs out.</returns>
    public Func<CloudDbContext, CancellationToken, Task<bool>>? StillLetsIn(Caller caller) => caller is { IsGranted: true, Client: { } client }
        ? async (context, token) => await context.KeepClientAsync(client, token) && await HoldsAsync(context, caller.User, client, token)
        : null;

    /// <summary>Takes all of a user's grants out of the store, in the caller's transaction.</summary>
    internal static async Task EraseAsync(CloudDbContext context, UserId user, CancellationToken cancellationToken)
    {
        var subject = user.ToString();
        await context.LockGrantsAsync(context.Set<OpenIddictEntityFrameworkCoreAuthorization>().Where(grant => grant.Subject == subject), cancellationToken);
        await context.Set<OpenIddictEntityFrameworkCoreToken>().Where(issued => issued.Subject == subject).ExecuteDeleteAsync(cancellationToken);
        await context.Set<OpenIddictEntityFrameworkCoreAuthorization>().Where(grant => grant.Subject == subject).ExecuteDeleteAsync(cancellationToken);
        await context.Set<ClientCall>().Where(call => call.UserId == user.Value).ExecuteDeleteAsync(cancellationToken);
    }

    private Task<bool> HoldsAsync(CloudDbContext context, UserId user, string client, CancellationToken cancellationToken)
    {
        var subject = user.ToString();
        return ThatHold(context).AnyAsync(grant => grant.Subject == subject && grant.Application!.ClientId == client, cancellationToken);
    }

    // Grants that a token is left of.
    private IQueryable<OpenIddictEntityFrameworkCoreAuthorization> ThatHold(CloudDbContext context)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return context.Set<OpenIddictEntityFrameworkCoreAuthorization>().Where(grant => grant.Status == Statuses.Valid
            && grant.Tokens.Any(issued => issued.Status == Statuses.Valid && issued.ExpirationDate > now
                && (issued.Type == TokenTypeIdentifiers.AccessToken || issued.Type == TokenTypeIdentifiers.RefreshToken)));
    }

    private static async Task<bool> RevokeAsync(
        CloudDbContext context, Func<IQueryable<OpenIddictEntityFrameworkCoreAuthorization>, IQueryable<OpenIddictEntityFrameworkCoreAuthorization>> which, CancellationToken cancellationToken)
    {
        var ids = await context.LockGrantsAsync(which(context.Set<OpenIddictEntityFrameworkCoreAuthorization>().Where(grant => grant.Status == Statuses.Valid)), cancellationToken);

        // The grant first: a refresh that is under way gets a token whose grant is over, and the checks ask for both.
        await context.Set<OpenIddictEntityFrameworkCoreAuthorization>().Where(grant => ids.Contains(grant.Id!))
            .ExecuteUpdateAsync(set => set.SetProperty(grant => grant.Status, Statuses.Revoked), cancellationToken);
        await context.Set<OpenIddictEntityFrameworkCoreToken>().Where(issued => ids.Contains(issued.Authorization!.Id!))
            .ExecuteUpdateAsync(set => set.SetProperty(issued => issued.Status, Statuses.Revoked), cancellationToken);
        return ids.Count > 0;
    }
}
