using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Identity.Grants;
using OcfCloud.Identity.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.EntityFrameworkCore.Models;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace OcfCloud.Identity.Clients;

/// <summary>The clients of this cloud's authorization server: an administrator's work.</summary>
public sealed class CloudClients
{
    private const int MaxNameLength = 100;

    // 256 bits: nothing to guess, whatever is done with the hash.
    private const int SecretLength = 32;

    private readonly Store _store;
    private readonly SubscriptionRevocation _subscriptions;
    private readonly AuditTrail _audit;
    private readonly IServiceScopeFactory _scopes;

    internal CloudClients(Store store, SubscriptionRevocation subscriptions, AuditTrail audit, IServiceScopeFactory scopes) =>
        (_store, _subscriptions, _audit, _scopes) = (store, subscriptions, audit, scopes);

    /// <summary>Registers a client. Its secret, where it has one, is in the answer alone: the store has a hash.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<ClientChange> AddAsync(ClientRegistration registration, CancellationToken cancellationToken)
    {
        if (Refuse(registration) is { } refusal) return ClientChange.Refused(refusal);
        var id = registration.ClientId ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var secret = registration.IsPublic ? null : MakeSecret();
        await using var scope = _scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        if (await manager.FindByClientIdAsync(id, cancellationToken) is not null) return ClientChange.Refused($"There is a client \"{id}\" already.");
        Audit(scope.ServiceProvider, AuditKind.ClientAdded, id, $"{registration.Name}: {string.Join(' ', registration.Scopes)}");
        await manager.CreateAsync(Describe(registration, id, secret), cancellationToken);
        return new ClientChange(await FindAsync(id, cancellationToken), secret, null);
    }

    /// <summary>All clients in order of their names.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<IReadOnlyList<CloudClient>> ListAsync(CancellationToken cancellationToken) => _store.ReadAsync<IReadOnlyList<CloudClient>>(
        async (context, token) =>
        {
            var rows = await Registered(context).OrderBy(row => row.DisplayName).ThenBy(row => row.ClientId).ToListAsync(token);
            return rows.ConvertAll(Read);
        },
        cancellationToken);

    /// <summary>The client of this id, or null.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<CloudClient?> FindAsync(string clientId, CancellationToken cancellationToken) => _store.ReadAsync(
        async (context, token) => await Registered(context).SingleOrDefaultAsync(row => row.ClientId == clientId, token) is { } row
            ? Read(row)
            : null,
        cancellationToken);

    /// <summary>Gives a client another secret; the old one is of no use from then on.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<ClientChange> RotateSecretAsync(string clientId, CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        if (await manager.FindByClientIdAsync(clientId, cancellationToken) is not { } application) return Unknown(clientId);
        if (await manager.HasApplicationTypeAsync(application, DeviceApplication.Type, cancellationToken)) return Unknown(clientId);
        if (await manager.HasClientTypeAsync(application, ClientTypes.Public, cancellationToken)) return ClientChange.Refused($"The client \"{clientId}\" is a public one and has no secret.");
        var secret = MakeSecret();
        Audit(scope.ServiceProvider, AuditKind.ClientSecretRotated, clientId, await manager.GetDisplayNameAsync(application, cancellationToken));
        await manager.UpdateAsync(application, secret, cancellationToken);
        return new ClientChange(await FindAsync(clientId, cancellationToken), secret, null);
    }

    /// <summary>Removes a client with all that users allowed it; its tokens are refused from then on, and its subscriptions are cancelled.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<ClientChange> RemoveAsync(string clientId, CancellationToken cancellationToken)
    {
        var removed = await _store.WriteAsync(
            async (context, token) =>
            {
                if (await context.LockClientAsync(clientId, token) is not { } row || row.ApplicationType == DeviceApplication.Type) return null;
                await context.LockGrantsAsync(context.Set<OpenIddictEntityFrameworkCoreAuthorization>().Where(grant => grant.Application!.Id == row.Id), token);
                await context.Set<OpenIddictEntityFrameworkCoreToken>().Where(issued => issued.Application!.Id == row.Id).ExecuteDeleteAsync(token);
                await context.Set<OpenIddictEntityFrameworkCoreAuthorization>().Where(grant => grant.Application!.Id == row.Id).ExecuteDeleteAsync(token);
                await context.Set<ClientCall>().Where(call => call.ClientId == clientId).ExecuteDeleteAsync(token);
                await context.Set<OpenIddictEntityFrameworkCoreApplication>().Where(other => other.Id == row.Id).ExecuteDeleteAsync(token);
                // One that was being made was waited for at the client's row, and is seen here.
                await _subscriptions.RevokeAsync(context, clientId, token);
                var client = Read(row);
                _audit.Add(context, AuditKind.ClientRemoved, $"client:{clientId}", user: null, client.Name);
                return client;
            },
            cancellationToken);
        return removed is null ? Unknown(clientId) : new ClientChange(removed, null, null);
    }

    // OpenIddict's stores save the scope's one context: the entry goes in the transaction of what follows.
    private void Audit(IServiceProvider scope, string kind, string clientId, string? detail) =>
        _audit.Add(scope.GetRequiredService<CloudDbContext>(), kind, $"client:{clientId}", user: null, detail);

    // Devices that are clients are not an administrator's: they come and go with the device.
    private static IQueryable<OpenIddictEntityFrameworkCoreApplication> Registered(CloudDbContext context) =>
        context.Set<OpenIddictEntityFrameworkCoreApplication>().Where(row => row.ApplicationType != DeviceApplication.Type);

    private static string? Refuse(ClientRegistration registration) => registration switch
    {
        { Name.Length: 0 or > MaxNameLength } => $"A client's name has 1 to {MaxNameLength} characters.",
        { Name: var name } when name.Any(char.IsControl) || name.Trim().Length != name.Length => "A client's name holds no control characters and no space at an end.",
        { RedirectUris.Count: 0 } => "A client has at least one redirect URI.",
        { Scopes.Count: 0 } => "A client has at least one scope.",
        { Scopes: var scopes } when scopes.FirstOrDefault(scope => !CloudScopes.All.Contains(scope, StringComparer.Ordinal)) is { } unknown =>
            $"\"{unknown}\" is no scope of this cloud ({string.Join(", ", CloudScopes.All)}).",
        _ => registration.RedirectUris.Select(uri => RedirectUriRules.Refuse(uri, registration.IsPublic)).FirstOrDefault(refusal => refusal is not null),
    };

    private static OpenIddictApplicationDescriptor Describe(ClientRegistration registration, string id, string? secret)
    {
        var descriptor = new OpenIddictApplicationDescriptor
        {
            ClientId = id,
            ClientSecret = secret,
            ClientType = registration.IsPublic ? ClientTypes.Public : ClientTypes.Confidential,
            ApplicationType = registration.IsPublic ? ApplicationTypes.Native : ApplicationTypes.Web,
            ConsentType = ConsentTypes.Explicit,
            DisplayName = registration.Name,
        };
        foreach (var uri in registration.RedirectUris) descriptor.RedirectUris.Add(new Uri(RedirectUriRules.Kept(uri, registration.IsPublic)));
        descriptor.Permissions.UnionWith(
        [
            Permissions.Endpoints.Authorization, Permissions.Endpoints.Token, Permissions.Endpoints.Revocation, Permissions.Endpoints.Introspection,
            Permissions.GrantTypes.AuthorizationCode, Permissions.ResponseTypes.Code,
            .. registration.Scopes.Select(scope => Permissions.Prefixes.Scope + scope),
        ]);
        if (registration.Scopes.Contains(CloudScopes.OfflineAccess, StringComparer.Ordinal)) descriptor.Permissions.Add(Permissions.GrantTypes.RefreshToken);
        if (registration.IsPublic) descriptor.Requirements.Add(Requirements.Features.ProofKeyForCodeExchange);
        return descriptor;
    }

    private static CloudClient Read(OpenIddictEntityFrameworkCoreApplication row) => new(
        row.ClientId!,
        row.DisplayName ?? row.ClientId!,
        Texts(row.RedirectUris),
        [.. Texts(row.Permissions).Where(permission => permission.StartsWith(Permissions.Prefixes.Scope, StringComparison.Ordinal)).Select(permission => permission[Permissions.Prefixes.Scope.Length..])],
        row.ClientType == ClientTypes.Public);

    private static string[] Texts(string? json) => json is null ? [] : JsonSerializer.Deserialize<string[]>(json) ?? [];

    private static string MakeSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretLength));

    private static ClientChange Unknown(string clientId) => ClientChange.Refused($"There is no client \"{clientId}\".");
}
