namespace OcfCloud.Identity.Grants;

/// <summary>What a user allowed a client.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="ClientName">Its name.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Since">When it was first allowed, of what still holds.</param>
/// <param name="LastCall">When it last called an API for this user; null = never.</param>
public sealed record GrantedAccess(string ClientId, string ClientName, IReadOnlyList<string> Scopes, DateTimeOffset Since, DateTimeOffset? LastCall);
