namespace OcfCloud.Identity.Grants;

/// <summary>What a user allowed a client, or what one whose tokens ran out still hears.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="ClientName">Its name.</param>
/// <param name="Scopes">What it may do; empty for one that holds no token any more and hears events of its subscriptions.</param>
/// <param name="Since">When it was first allowed, of what still holds; without scopes when it first subscribed.</param>
/// <param name="LastCall">When it last called an API for this user; null = never.</param>
public sealed record GrantedAccess(string ClientId, string ClientName, IReadOnlyList<string> Scopes, DateTimeOffset Since, DateTimeOffset? LastCall);
