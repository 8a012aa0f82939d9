namespace OcfCloud.Identity.Clients;

/// <summary>A program that may ask users for access: a peer cloud, or an app.</summary>
/// <param name="ClientId">What it calls itself by.</param>
/// <param name="Name">What users are shown.</param>
/// <param name="RedirectUris">Where users are sent back to.</param>
/// <param name="Scopes">The most that it may ask for.</param>
/// <param name="IsPublic">Whether it keeps no secret (RFC 6749, 2.1).</param>
public sealed record CloudClient(string ClientId, string Name, IReadOnlyList<string> RedirectUris, IReadOnlyList<string> Scopes, bool IsPublic);
