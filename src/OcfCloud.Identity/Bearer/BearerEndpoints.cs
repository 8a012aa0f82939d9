using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using OcfCloud.Core.Audit;
using OcfCloud.Identity.Tokens;

namespace OcfCloud.Identity.Bearer;

/// <summary>How endpoints ask for a bearer token (RFC 6750).</summary>
public static class BearerEndpoints
{
    private const string Prefix = "Bearer ";

    private static readonly JsonWebTokenHandler Reader = new();

    /// <summary>Lets in only callers whose token has all of the scopes: 401 without a good token, 403 without one of them.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, params string[] scopes) where TBuilder : IEndpointConventionBuilder
    {
        var policy = new AuthorizationPolicyBuilder(BearerSchemes.Bearer)
            .RequireAuthenticatedUser()
            .RequireAssertion(context => Caller.Find(context.User)?.Scopes is { } held && scopes.All(held.Contains))
            .Build();
        return endpoint.RequireAuthorization(policy).WithMetadata(new ScopeMetadata(string.Join(' ', scopes)));
    }

    /// <summary>The scopes that an endpoint asks for; empty where it asks for no bearer token.</summary>
    /// <param name="metadata">The endpoint's.</param>
    public static IReadOnlyList<string> ScopesOf(IEnumerable<object> metadata) =>
        metadata.OfType<ScopeMetadata>().LastOrDefault()?.Scope.Split(' ') ?? [];

    /// <summary>The request's bearer token, read but not checked; null where there is none in the form of a JWT.</summary>
    internal static JsonWebToken? TokenOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || !Reader.CanReadToken(header[Prefix.Length..].Trim()))
        {
            return null;
        }

        try
        {
            return Reader.ReadJsonWebToken(header[Prefix.Length..].Trim());
        }
        catch (Exception e) when (e is ArgumentException or FormatException or Microsoft.IdentityModel.Tokens.SecurityTokenException)
        {
            return null;
        }
    }

    internal static string? TextOf(JsonWebToken token, string claim) =>
        token.TryGetPayloadValue<object>(claim, out var value) && value is string { Length: > 0 } text ? text : null;

    /// <summary><c>scope</c> (RFC 9068, 2.2.3), or <c>scp</c> as some servers call it; a text, or an array of texts.</summary>
    internal static ScopeSet? ScopesOf(JsonWebToken token)
    {
        var names = token.Claims.Where(claim => claim.Type == "scope").Select(claim => claim.Value).ToArray();
        if (names.Length == 0)
        {
            names = [.. token.Claims.Where(claim => claim.Type == "scp").Select(claim => claim.Value)];
        }

        return ScopeSet.TryParse(string.Join(' ', names), out var scopes) ? scopes : null;
    }

    /// <summary>Says what a caller has to bring, or why what it brought was not taken; the header is the handler's.</summary>
    internal static Task ExplainAsync(JwtBearerChallengeContext context)
    {
        var needed = context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<ScopeMetadata>();
        var scope = needed is null ? "" : $" with the scope \"{needed.Scope}\"";
        context.HttpContext.Features.Set(new BearerRefusal(context.AuthenticateFailure is null
            ? $"This needs an access token{scope} in the header \"Authorization: Bearer …\"."
            : $"The access token is not taken: it is malformed, expired, revoked or not for this cloud. Get a new one{scope}."));
        return Task.CompletedTask;
    }

    /// <summary>Says in the answer which scope is missing (RFC 6750, 3.1).</summary>
    internal static Task NameMissingScopeAsync(ForbiddenContext context)
    {
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<ScopeMetadata>() is { } needed)
        {
            context.Response.Headers.WWWAuthenticate = $"{BearerSchemes.Challenge}, error=\"insufficient_scope\", scope=\"{needed.Scope}\"";
            context.HttpContext.Features.Set(new BearerRefusal($"The access token lacks the scope \"{needed.Scope}\". Ask the user for it, and get a new token."));
            var caller = Caller.Find(context.HttpContext.User);
            context.HttpContext.RequestServices.GetRequiredService<AuditedRefusals>()
                .Record(AuditKind.TokenRefused, $"scope:{needed.Scope}", caller?.User, $"{context.Request.Method} {context.Request.Path}");
        }

        return Task.CompletedTask;
    }

    private sealed record ScopeMetadata(string Scope);
}
