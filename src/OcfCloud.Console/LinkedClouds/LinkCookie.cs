using Microsoft.AspNetCore.Http;

namespace OcfCloud.Console.LinkedClouds;

/// <summary>By it an answer of another cloud is taken only in the browser that began the link.</summary>
internal static class LinkCookie
{
    // The prefix: set over TLS, for this host and all of it (RFC 6265bis, 4.1.3.2).
    private const string Name = "__Host-ocfcloud-link";

    public static string? Of(HttpRequest request) => request.Cookies[Name];

    public static void Set(HttpResponse response, string value, TimeSpan lifetime) => response.Cookies.Append(Name, value, new CookieOptions
    {
        HttpOnly = true,
        Secure = true,
        Path = "/",

        // The other cloud leads back here: a strict one would stay away then.
        SameSite = SameSiteMode.Lax,
        MaxAge = lifetime,
        IsEssential = true,
    });
}
