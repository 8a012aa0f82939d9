using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using OcfCloud.Console.Layout;
using OcfCloud.Console.Security;
using OcfCloud.Core.Audit;
using OcfCloud.Identity.Users;

namespace OcfCloud.Console.Sessions;

/// <summary>Logging in and out, and making an account where the operator allows it.</summary>
internal static class LogInEndpoints
{
    // One sentence for every case: whether there is such an account, or it is locked, is nobody's business.
    private const string Refused = "The name or the password is wrong. After ten wrong passwords an account is locked for five minutes.";

    private const string TooMany = "Too many attempts come from your address. Wait a minute, then try again.";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(ConsolePaths.LogIn, Show);
        endpoints.MapPost(ConsolePaths.LogIn, LogInAsync);
        endpoints.MapPost(ConsolePaths.LogOut, (Delegate)LogOutAsync);
        endpoints.MapGet(ConsolePaths.Register, ShowRegister);
        endpoints.MapPost(ConsolePaths.Register, RegisterAsync);
    }

    private static IResult Show(HttpContext context, IOptions<ConsoleOptions> options)
    {
        var back = LocalUrl.Or(context.Request.Query["returnUrl"], "/");
        return ConsoleSession.UserOf(context) is null
            ? Pages.Of<LogInPage>(new { ReturnUrl = back, MayRegister = options.Value.AllowRegistration })
            : Results.LocalRedirect(back);
    }

    private static async Task<IResult> LogInAsync(HttpContext context, LogIn logIn, LogInLimit limit, AuditedRefusals refusals, IOptions<ConsoleOptions> options)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (name, password, back) = (form["username"].ToString(), form["password"].ToString(), LocalUrl.Or(form["returnUrl"], "/"));
        if (!limit.Admits(context.Connection.RemoteIpAddress))
        {
            context.Response.Headers.RetryAfter = "60";
            refusals.Record(AuditKind.LogInRefused, "user", user: null, "too many attempts", AuditActor.OfAddress(context.Connection.RemoteIpAddress));
            return Page(TooMany, StatusCodes.Status429TooManyRequests);
        }

        if (await logIn.CheckAsync(name, password, context.RequestAborted) is not { } user) return Page(Refused, StatusCodes.Status400BadRequest);
        await ConsoleSession.OpenAsync(context, user);
        return new SeeOther(back);

        IResult Page(string refusal, int status) =>
            Pages.Of<LogInPage>(new { ReturnUrl = back, UserName = name, Refusal = refusal, MayRegister = options.Value.AllowRegistration }, status);
    }

    private static async Task<IResult> LogOutAsync(HttpContext context)
    {
        await context.SignOutAsync(ConsoleSession.Scheme);
        return new SeeOther(ConsolePaths.LogIn);
    }

    private static IResult ShowRegister(HttpContext context, IOptions<ConsoleOptions> options) => options.Value.AllowRegistration
        ? Pages.Of<RegisterPage>(new { ReturnUrl = LocalUrl.Or(context.Request.Query["returnUrl"], "/") })
        : NoRegistration();

    private static async Task<IResult> RegisterAsync(HttpContext context, UserAccounts accounts, LogInLimit limit, IOptions<ConsoleOptions> options)
    {
        if (!options.Value.AllowRegistration) return NoRegistration();
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (name, password, back) = (form["username"].ToString(), form["password"].ToString(), LocalUrl.Or(form["returnUrl"], "/"));
        if (!limit.Admits(context.Connection.RemoteIpAddress)) return Page(TooMany, StatusCodes.Status429TooManyRequests);
        var added = await accounts.AddAsync(name, password, administrator: false, context.RequestAborted);
        if (added.User is not { } user) return Page(added.Refusal!, StatusCodes.Status400BadRequest);
        await ConsoleSession.OpenAsync(context, user);
        return new SeeOther(back);

        IResult Page(string refusal, int status) => Pages.Of<RegisterPage>(new { ReturnUrl = back, UserName = name, Refusal = refusal }, status);
    }

    private static IResult NoRegistration() =>
        Pages.Message(StatusCodes.Status404NotFound, "No accounts to make here", "Accounts of this cloud are made by its administrator.");
}
