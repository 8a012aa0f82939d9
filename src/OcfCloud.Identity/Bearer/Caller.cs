using System.Security.Claims;
using OcfCloud.Core.Devices;
using OcfCloud.Identity.Tokens;

namespace OcfCloud.Identity.Bearer;

/// <summary>Who calls an API: what a checked bearer token says, whichever server issued it.</summary>
/// <param name="User">The user of this cloud.</param>
/// <param name="Client">The program that calls; access rules name it.</param>
/// <param name="Scopes">What its token is good for; null = nothing.</param>
public sealed record Caller(UserId User, string? Client, ScopeSet? Scopes)
{
    /// <summary>Whether a grant of the user's stands behind its token, which the user can take back: it is the authorization server's. Those of commands and of an
    /// external authority are good until they run out.</summary>
    public bool IsGranted { get; init; }

    /// <summary>The caller of a request that passed <see cref="BearerEndpoints.RequireScope{TBuilder}"/>.</summary>
    /// <exception cref="InvalidOperationException">The request passed no bearer check.</exception>
    public static Caller Of(ClaimsPrincipal principal) => Find(principal) ?? throw new InvalidOperationException("This request passed no bearer check.");

    /// <summary>The caller of any request; null where it passed no bearer check.</summary>
    internal static Caller? Find(ClaimsPrincipal principal) => principal.Identities.OfType<CallerIdentity>().FirstOrDefault()?.Caller;

    internal ClaimsPrincipal ToPrincipal(string? name) => new(new CallerIdentity(this, name));

    /// <summary>Carries the caller itself, so that no claim is parsed twice.</summary>
    private sealed class CallerIdentity(Caller caller, string? name)
        : ClaimsIdentity([new Claim("sub", caller.User.ToString()), new Claim("name", name ?? "")], BearerSchemes.Bearer, "name", "role")
    {
        public Caller Caller { get; } = caller;
    }
}
