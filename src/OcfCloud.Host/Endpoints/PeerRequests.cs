using Microsoft.AspNetCore.Connections.Features;
using OcfCloud.Identity.AuthorizationServer;

namespace OcfCloud.Host.Endpoints;

/// <summary>What the door of peer clouds serves: the APIs and what programs ask of the authorization server. Pages for people are at the other door.</summary>
internal static class PeerRequests
{
    private static readonly PathString[] Served =
    [
        "/api", "/mediator", "/events",
        OAuthPaths.Token, OAuthPaths.Revocation, OAuthPaths.Introspection, OAuthPaths.JsonWebKeySet, OAuthPaths.OpenIdConfiguration, OAuthPaths.Metadata,
    ];

    /// <summary>Answers 404 to other requests of that door, and 403 where its certificate is no longer good.</summary>
    public static IApplicationBuilder UsePeerDoor(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetService<PeerDoor>() is not { } door) return app;
        return app.Use(next => context => PeerDoor.Was(context) ? AnswerAsync(context, door, next) : next(context));
    }

    private static Task AnswerAsync(HttpContext context, PeerDoor door, RequestDelegate next)
    {
        if (!door.IsStillTrusted(context.Connection.ClientCertificate))
        {
            // Anchors were taken away, or the certificate's time ran out, since the handshake: the next one fails.
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            return Results.Problem("The certificate of this connection is no longer trusted.", statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
        }

        if (Array.Exists(Served, path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase))) return next(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
