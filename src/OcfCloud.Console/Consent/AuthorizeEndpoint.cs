using System.Collections.Immutable;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Console.Layout;
using OcfCloud.Console.Security;
using OcfCloud.Console.Sessions;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.AuthorizationServer;
using OcfCloud.Identity.Clients;
using OcfCloud.Identity.Users;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace OcfCloud.Console.Consent;

/// <summary>What a user sees of the authorization endpoint. The authorization server has judged the request before it comes here.</summary>
/// <remarks>
/// <code>
///   GET  ──► not logged in ──► log-in page ──► GET again
///        ──► logged in ──► consent page, with all parameters in its form
///   POST ──► decision=allow ──► a code, to the redirect URI
///        ──► decision=deny ──► access_denied, to the redirect URI
///        ──► no decision (a client may ask by POST) ──► GET
/// </code>
/// Every request is asked about: that somebody who had the client's name once got a yes says nothing of who asks now (RFC 8252, 8.6).
/// </remarks>
internal static class AuthorizeEndpoint
{
    private const string Decision = "decision";

    private static readonly string[] NotAsked = [Decision, "__RequestVerificationToken"];

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapMethods(OAuthPaths.Authorization, [HttpMethods.Get, HttpMethods.Post], AnswerAsync);

    private static async Task<IResult> AnswerAsync(HttpContext context, CloudClients clients, IAntiforgery antiforgery, AuditTrail audit)
    {
        if (context.GetOpenIddictServerResponse() is { Error: not null } response) return Refused(response);
        var request = context.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("The authorization server did not see this request.");
        var parameters = ParametersOf(request);
        var decision = HttpMethods.IsPost(context.Request.Method) ? (string?)request.GetParameter(Decision) : null;
        if (HttpMethods.IsPost(context.Request.Method) && decision is null) return new SeeOther(AddressOf(parameters));

        // OpenID Connect Core, 3.1.2.1: a client may ask for an answer without any page; consent is always one.
        var user = ConsoleSession.UserOf(context);
        if (request.HasPromptValue(PromptValues.None)) return Refuse(user is null ? Errors.LoginRequired : Errors.ConsentRequired, "The user has to be asked.");
        if (user is not null && decision is null && request.HasPromptValue(PromptValues.Login))
        {
            // Asked once, not again when the log-in page leads back here.
            await context.SignOutAsync(ConsoleSession.Scheme);
            user = null;
        }

        if (user is null) return new SeeOther($"{ConsolePaths.LogIn}?returnUrl={Uri.EscapeDataString(AddressOf(parameters.Where(parameter => parameter.Key != Parameters.Prompt)))}");
        if (decision is null) return await AskAsync(context, request, parameters, user, clients);
        if (!await antiforgery.IsRequestValidAsync(context)) return FormGuard.NotOurs();
        return decision == "allow"
            ? Allow(context, request, user, audit)
            : Refuse(Errors.AccessDenied, "The user did not allow it.");
    }

    // The authorization server saves the request's one context with the grant: the entry goes in the grant's transaction.
    private static IResult Allow(HttpContext context, OpenIddictRequest request, User user, AuditTrail audit)
    {
        var scopes = Identity.Grants.Consent.RequestedScopes(request);
        audit.Add(
            context.RequestServices.GetRequiredService<CloudDbContext>(), AuditKind.ConsentGiven, $"client:{request.ClientId}", new UserId(user.Id), string.Join(' ', scopes),
            AuditActor.OfUser(new UserId(user.Id)));
        return Results.SignIn(Identity.Grants.Consent.Of(user, scopes), properties: null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private static async Task<IResult> AskAsync(
        HttpContext context, OpenIddictRequest request, IReadOnlyList<KeyValuePair<string, string>> parameters, User user, CloudClients clients)
    {
        if (await clients.FindAsync(request.ClientId!, context.RequestAborted) is not { } client)
            return Pages.Message(StatusCodes.Status400BadRequest, "Unknown cloud", "The cloud that sent you here is not registered any more.");
        var redirectUri = request.RedirectUri ?? client.RedirectUris[0];
        PageHeaders.AllowRedirectTo(context.Response, redirectUri);
        return Pages.Of<ConsentPage>(new
        {
            Client = client,
            UserName = user.UserName!,
            SentBackTo = SentBackTo(new Uri(redirectUri)),
            Scopes = Identity.Grants.Consent.RequestedScopes(request),
            Parameters = parameters,
        });
    }

    // An app's own scheme often has no host (RFC 8252, 7.1).
    private static string SentBackTo(Uri uri) => uri.Authority.Length > 0 ? uri.GetLeftPart(UriPartial.Authority) : uri.Scheme + ":";

    // Only a wrong client or redirect URI comes to a page: whoever it is must not be sent anywhere.
    private static IResult Refused(OpenIddictResponse response) => Pages.Message(
        StatusCodes.Status400BadRequest,
        "This request cannot be answered",
        $"The cloud or app that sent you here made a mistake, and it is not safe to send you back. Its operator can use this: {response.Error}: {response.ErrorDescription}");

    private static IResult Refuse(string error, string description) => Results.Forbid(
        new AuthenticationProperties(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);

    private static List<KeyValuePair<string, string>> ParametersOf(OpenIddictRequest request) =>
    [
        .. from parameter in request.GetParameters()
           where !NotAsked.Contains(parameter.Key, StringComparer.Ordinal)
           from value in (ImmutableArray<string?>?)parameter.Value ?? []
           where value is not null
           select KeyValuePair.Create(parameter.Key, value),
    ];

    private static string AddressOf(IEnumerable<KeyValuePair<string, string>> parameters) => OAuthPaths.Authorization + new QueryBuilder(parameters).ToQueryString();
}
