using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.Console.Layout;
using OcfCloud.Console.Sessions;
using OcfCloud.Core.Devices;

namespace OcfCloud.Console.LinkedClouds;

/// <summary>A user's accounts of other clouds: linking them, seeing how they stand, unlinking (cloud-to-cloud.md, 2).</summary>
/// <remarks>
/// <code>
///   POST link ──► cookie, page that goes on to the other cloud's authorization endpoint ──► … ──► GET {name}/callback
///                                                             ──► logged out meanwhile: log-in page, and back with the whole answer
///                                                             ──► linked: the page, by a redirect, so that the code leaves the address
///                                                             ──► else: why, in words
/// </code>
/// </remarks>
internal static class LinkedCloudsEndpoints
{
    private static readonly string[] OfAnswer = ["state", "code", "error", "error_description", "iss"];

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup(ConsolePaths.LinkedClouds).AddEndpointFilter(RequireUser.Any);
        pages.MapGet("", ShowAsync);
        pages.MapPost("/link", LinkAsync);
        pages.MapPost("/unlink", UnlinkAsync);
        pages.MapGet("/{name}/callback", CompleteAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, LinkedAccountStore accounts)
    {
        var clouds = await accounts.ListAsync(IdOf(context), context.RequestAborted);
        return Pages.Of<LinkedCloudsPage>(new { Clouds = clouds, Told = ToldOf(context.Request.Query, clouds), MayAdd = ConsoleSession.UserOf(context)!.IsAdministrator });
    }

    private static async Task<IResult> LinkAsync(HttpContext context, AccountLinking linking)
    {
        var name = await CloudOf(context);
        var start = await linking.StartAsync(IdOf(context), name, LinkCookie.Of(context.Request), context.RequestAborted);
        if (start.Location is null) return Pages.Of<NotLinkedPage>(new { Refusal = start.Refusal! }, StatusCodes.Status404NotFound);
        LinkCookie.Set(context.Response, start.Browser!, linking.AttemptLifetime);
        return Pages.Of<ContinuePage>(new { Cloud = name, Address = start.Location });
    }

    private static async Task<IResult> CompleteAsync(HttpContext context, string name, AccountLinking linking)
    {
        var query = context.Request.Query;
        var answer = new LinkAnswer(One(query["state"]))
        {
            Code = One(query["code"]),
            Error = One(query["error"]),
            ErrorDescription = One(query["error_description"]),
            Issuer = One(query["iss"]),
            IsRepeated = OfAnswer.Any(parameter => query[parameter].Count > 1),
        };
        var outcome = await linking.CompleteAsync(IdOf(context), name, LinkCookie.Of(context.Request), answer, context.RequestAborted);
        return outcome.Refusal is { } refusal
            ? Pages.Of<NotLinkedPage>(new { Refusal = refusal, outcome.Said, outcome.Cloud }, StatusCodes.Status400BadRequest)
            : new SeeOther($"{ConsolePaths.LinkedClouds}?linked={Uri.EscapeDataString(name)}");
    }

    private static async Task<IResult> UnlinkAsync(HttpContext context, LinkedAccountStore accounts)
    {
        var name = await CloudOf(context);
        return await accounts.UnlinkAsync(IdOf(context), name, context.RequestAborted)
            ? new SeeOther($"{ConsolePaths.LinkedClouds}?unlinked={Uri.EscapeDataString(name)}")
            : new SeeOther(ConsolePaths.LinkedClouds);
    }

    // Only what is so is said: an address may be made up.
    private static string? ToldOf(IQueryCollection query, IReadOnlyList<LinkedAccountSummary> clouds) =>
        clouds.Any(one => one.Cloud.Name == query["linked"] && one.State == AccountState.Linked) ? $"{query["linked"]} is linked."
        : clouds.Any(one => one.Cloud.Name == query["unlinked"] && one.State is null) ? $"{query["unlinked"]} is not linked any more; its devices are gone from here."
        : null;

    private static string? One(StringValues values) => values.Count == 1 ? values[0] : null;

    private static async Task<string> CloudOf(HttpContext context) => (await context.Request.ReadFormAsync(context.RequestAborted))["cloud"].ToString();

    private static UserId IdOf(HttpContext context) => new(ConsoleSession.UserOf(context)!.Id);
}
