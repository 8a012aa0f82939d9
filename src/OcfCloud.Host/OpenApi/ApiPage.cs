using OcfCloud.Host.Development;

namespace OcfCloud.Host.OpenApi;

/// <summary>The page to try the APIs at: Swagger UI, all of it out of this process.</summary>
internal static class ApiPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/docs";

    /// <summary>Where the authorization server sends its users back to.</summary>
    public const string RedirectPath = Path + "/oauth2-redirect.html";

    // Swagger UI makes style elements and draws with data URLs; its script is its own files alone. Requests go to this host only.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Serves it, before the routes.</summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="isDevelopment">Whether <see cref="ApiPageClient"/> is there to log in with.</param>
    public static void UseApiPage(this IApplicationBuilder app, bool isDevelopment) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase),
        page =>
        {
            page.Use((context, next) =>
            {
                var headers = context.Response.Headers;
                headers.ContentSecurityPolicy = Policy;
                headers.XContentTypeOptions = "nosniff";
                headers.XFrameOptions = "DENY";
                headers["Referrer-Policy"] = "no-referrer";

                // As on the log-in page: else the window that logs in could not tell this one that it is done.
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
                return next(context);
            });
            page.UseSwaggerUI(options =>
            {
                options.RoutePrefix = Path[1..];
                options.DocumentTitle = "OcfCloud API";
                options.SwaggerEndpoint(ApiDocument.Path, "OcfCloud");
                options.OAuthUsePkce();
                if (isDevelopment) options.OAuthClientId(ApiPageClient.ClientId);
            });
        });
}
