namespace OcfCloud.Identity.Clients;

/// <summary>What an administrator says of a new client.</summary>
/// <param name="Name">1 to 100 characters; users see it.</param>
/// <param name="RedirectUris">One or more (see <see cref="RedirectUriRules"/>).</param>
/// <param name="Scopes">The most that it may ask for.</param>
/// <param name="IsPublic">Whether it keeps no secret: then it has to use PKCE.</param>
/// <param name="ClientId">An id of its own choice; null = one is made.</param>
public sealed record ClientRegistration(string Name, IReadOnlyList<string> RedirectUris, IReadOnlyList<string> Scopes, bool IsPublic, string? ClientId = null);
