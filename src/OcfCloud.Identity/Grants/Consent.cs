using System.Security.Claims;
using OcfCloud.Identity.Tokens;
using OcfCloud.Identity.Users;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace OcfCloud.Identity.Grants;

/// <summary>What a user's *Allow* becomes: the principal that the authorization server makes tokens of.</summary>
public static class Consent
{
    /// <summary>Makes it.</summary>
    /// <param name="user">Who allowed it.</param>
    /// <param name="scopes">What was allowed.</param>
    public static ClaimsPrincipal Of(User user, IReadOnlyCollection<string> scopes)
    {
        // Tokens identify the user and, by the request, the client (cloud-to-cloud.md, 1.2).
        var identity = new ClaimsIdentity("OcfCloud", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, user.Id.ToString("D"));
        identity.SetClaim(Claims.Name, user.UserName);
        identity.SetScopes(scopes);
        identity.SetResources(AccessTokens.Audience);
        identity.SetDestinations(_ => [Destinations.AccessToken]);
        return new ClaimsPrincipal(identity);
    }

    /// <summary>What a request asks for; reading alone where it does not say (RFC 6749, 3.3).</summary>
    public static IReadOnlyList<string> RequestedScopes(OpenIddictRequest request) =>
        request.GetScopes() is { IsEmpty: false } scopes ? [.. scopes.Distinct(StringComparer.Ordinal)] : [CloudScopes.Read];
}
