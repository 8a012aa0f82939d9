using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OcfCloud.Console.Layout;
using OcfCloud.Console.Security;
using OcfCloud.Console.Sessions;
using OcfCloud.Identity.Users;

namespace OcfCloud.Console.Account;

/// <summary>A user's own account.</summary>
internal static class AccountEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup(ConsolePaths.Account).AddEndpointFilter(RequireUser.Any);
        pages.MapGet("", (HttpContext context) => Pages.Of<AccountPage>(new { ConsoleSession.UserOf(context)!.UserName, Changed = context.Request.Query.ContainsKey("changed") }));
        pages.MapPost("/password", ChangePasswordAsync);
    }

    private static async Task<IResult> ChangePasswordAsync(HttpContext context, LogIn logIn, UserAccounts accounts, LogInLimit limit)
    {
        var name = ConsoleSession.UserOf(context)!.UserName!;
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (!limit.Admits(context.Connection.RemoteIpAddress)) return Page("Too many attempts come from your address. Wait a minute, then try again.", StatusCodes.Status429TooManyRequests);
        if (await logIn.CheckAsync(name, form["current"].ToString(), context.RequestAborted) is null)
            return Page("Your password now is not the one that you gave.", StatusCodes.Status400BadRequest);
        var changed = await accounts.SetPasswordAsync(name, form["new"].ToString(), context.RequestAborted);
        if (changed.User is not { } user) return Page(changed.Refusal!, StatusCodes.Status400BadRequest);

        // The change ended all sessions; this browser gave the password just now.
        await ConsoleSession.OpenAsync(context, user);
        return new SeeOther(ConsolePaths.Account + "?changed");

        IResult Page(string refusal, int status) => Pages.Of<AccountPage>(new { UserName = name, Refusal = refusal }, status);
    }
}
