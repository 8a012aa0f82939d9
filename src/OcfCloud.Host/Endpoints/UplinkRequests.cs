using OcfCloud.Identity.AuthorizationServer;

namespace OcfCloud.Host.Endpoints;

/// <summary>What the door of cameras serves: uplinks, and the token endpoint for those that show a certificate. Uplinks are served at no other door.</summary>
internal static class UplinkRequests
{
    private const string Uplink = "/onvif/uplink";

    /// <summary>Answers 404 to everything else.</summary>
    public static IApplicationBuilder UseUplinkDoor(this IApplicationBuilder app) => app.Use(next => context =>
    {
        var isUplink = string.Equals(context.Request.Path, Uplink, StringComparison.OrdinalIgnoreCase);
        var isServed = UplinkDoor.Was(context)
            ? isUplink || string.Equals(context.Request.Path, OAuthPaths.Token, StringComparison.OrdinalIgnoreCase)
            : !isUplink;
        if (isServed) return next(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });
}
