using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OcfCloud.Console.Security;

/// <summary>What browsers are told about every page: nothing from elsewhere, no script, in no frame, kept by no cache.</summary>
internal static class PageHeaders
{
    public static ValueTask<object?> Add(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy("'self'");
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";

        // As the check of forms against forgery would set them, with a warning for each page.
        headers.CacheControl = "no-cache, no-store";
        headers.Pragma = "no-cache";

        // The authorization server says 400 before its error comes here: an endpoint is not called with that. What answers says it again.
        context.Response.StatusCode = StatusCodes.Status200OK;

        // Errors of pages are pages; the answers of the APIs' doors do not replace them.
        if (context.Features.Get<IStatusCodePagesFeature>() is { } statusPages) statusPages.Enabled = false;
        if (context.RequestServices.GetRequiredService<IOptions<ConsoleOptions>>().Value.SendStrictTransportSecurity) headers.StrictTransportSecurity = "max-age=31536000";
        return next(invocation);
    }

    /// <summary>Lets this page's form lead to a redirect URI: Chromium holds the answer to a form against the policy of the page that the form is on, and each
    /// further redirect too. So a redirect URI that leads on to another origin does so by a page, not by a redirect.</summary>
    public static void AllowRedirectTo(HttpResponse response, string redirectUri) => response.Headers.ContentSecurityPolicy = Policy($"'self' {SourceOf(new Uri(redirectUri))}");

    private static string SourceOf(Uri uri)
    {
        var isWeb = uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp;

        // An address of IPv6 is no source by the grammar (CSP Level 3, 2.3.1): browsers leave it out.
        return isWeb && uri.HostNameType != UriHostNameType.IPv6 ? uri.GetLeftPart(UriPartial.Authority) : uri.Scheme + ":";
    }

    // The style sheet draws its small pictures from data URLs within it.
    private static string Policy(string formAction) =>
        $"default-src 'none'; style-src 'self'; img-src 'self' data:; form-action {formAction}; base-uri 'none'; frame-ancestors 'none'";
}
