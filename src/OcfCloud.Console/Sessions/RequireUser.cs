using Microsoft.AspNetCore.Http;
using OcfCloud.Console.Layout;

namespace OcfCloud.Console.Sessions;

/// <summary>Lets in only who is logged in, or only administrators; sends all others to the log-in page.</summary>
internal static class RequireUser
{
    public static ValueTask<object?> Any(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next) => ConsoleSession.UserOf(invocation.HttpContext) is null
        ? ValueTask.FromResult<object?>(ToLogIn(invocation.HttpContext))
        : next(invocation);

    public static ValueTask<object?> Administrator(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next) => ConsoleSession.UserOf(invocation.HttpContext) switch
    {
        null => ValueTask.FromResult<object?>(ToLogIn(invocation.HttpContext)),
        { IsAdministrator: false } => ValueTask.FromResult<object?>(Pages.Message(StatusCodes.Status403Forbidden, "Not allowed", "This page is for administrators of this cloud.")),
        _ => next(invocation),
    };

    /// <summary>The log-in page, which leads back here.</summary>
    public static IResult ToLogIn(HttpContext context)
    {
        var back = HttpMethods.IsGet(context.Request.Method) ? context.Request.Path + context.Request.QueryString : context.Request.Path.ToString();
        return Results.Redirect($"{ConsolePaths.LogIn}?returnUrl={Uri.EscapeDataString(back)}");
    }
}
