using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Devices;
using OcfCloud.Identity.Users;

namespace OcfCloud.Console.Sessions;

/// <summary>A user's log-in in a browser: a cookie that the key ring sealed, so any node can read it and none has to remember it.</summary>
internal static class ConsoleSession
{
    public const string Scheme = "Console";

    private const string Stamp = "stamp";

    // In Unix seconds. The ticket's own time is that of its last renewal.
    private const string Since = "since";

    public static void Configure(CookieAuthenticationOptions options, TimeSpan lifetime)
    {
        // The prefix: set over TLS, for this host and all of it (RFC 6265bis, 4.1.3.2).
        options.Cookie.Name = "__Host-ocfcloud";
        options.Cookie.HttpOnly = true;
        options.Cookie.SecurePolicy = CookieSecurePolicy.Always;

        // Another cloud's link to the consent page has to find it; its POST must not.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.ExpireTimeSpan = lifetime;
        options.SlidingExpiration = true;
        options.Events.OnValidatePrincipal = ValidateAsync;
    }

    /// <summary>Opens a session.</summary>
    public static Task OpenAsync(HttpContext context, User user) => context.SignInAsync(Scheme, new ClaimsPrincipal(new ClaimsIdentity(
        [
            new Claim("sub", user.Id.ToString("D")),
            new Claim("name", user.UserName!),
            new Claim(Stamp, user.SecurityStamp ?? ""),
            new Claim(Since, NowOf(context).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        ],
        Scheme,
        "name",
        "role")));

    /// <summary>The user of the request's session; null where nobody is logged in.</summary>
    public static User? UserOf(HttpContext context) => context.Features.Get<SessionUser>()?.User;

    /// <summary>Finds out whose request it is before a page is made.</summary>
    public static async ValueTask<object?> ResumeAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        var session = await context.AuthenticateAsync(Scheme);
        context.User = session.Succeeded ? session.Principal : new ClaimsPrincipal(new ClaimsIdentity());
        return await next(invocation);
    }

    // A user who is gone or has another password has no session any more, on whichever node; nor does anybody for ever, as a copy of the cookie may be elsewhere.
    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var logIn = context.HttpContext.RequestServices.GetRequiredService<LogIn>();
        if (IsYoung(context) && UserId.TryParse(context.Principal?.FindFirstValue("sub"), out var id)
            && await logIn.ResumeAsync(id, context.Principal!.FindFirstValue(Stamp) ?? "", context.HttpContext.RequestAborted) is { } user)
        {
            context.HttpContext.Features.Set(new SessionUser(user));
            return;
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(Scheme);
    }

    private static bool IsYoung(CookieValidatePrincipalContext context) =>
        long.TryParse(context.Principal?.FindFirstValue(Since), NumberStyles.None, CultureInfo.InvariantCulture, out var since)
        && NowOf(context.HttpContext).ToUnixTimeSeconds() - since < context.HttpContext.RequestServices.GetRequiredService<IOptions<ConsoleOptions>>().Value.MaxSessionAge.TotalSeconds;

    private static DateTimeOffset NowOf(HttpContext context) => context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();

    private sealed record SessionUser(User User);
}
