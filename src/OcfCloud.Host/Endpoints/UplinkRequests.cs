using OcfCloud.Identity.AuthorizationServer;
using OcfCloud.Onvif;

namespace OcfCloud.Host.Endpoints;

/// <summary>What the door of cameras serves: uplinks, and the token endpoint for those that show a certificate. Uplinks are served at no other door.</summary>
internal static class UplinkRequests
{
    /// <summary>Answers 404 to everything else.</summary>
    public static IApplicationBuilder UseUplinkDoor(this IApplicationBuilder app) => app.Use(next => context =>
    {
        // Routing does not mind a slash at the end either.
        var isUplink = string.Equals(context.Request.Path.Value?.TrimEnd('/'), OnvifServices.UplinkPath, StringComparison.OrdinalIgnoreCase);
        var isServed = UplinkDoor.Was(context)
            ? isUplink || string.Equals(context.Request.Path, OAuthPaths.Token, StringComparison.OrdinalIgnoreCase)
            : !isUplink;
        if (isServed) return next(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });
}
