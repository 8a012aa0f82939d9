using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OcfCloud.Console.Layout;
using OcfCloud.Console.Sessions;
using OcfCloud.Onvif.Operation;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Console.Cameras;

/// <summary>
/// Asks other clouds for cameras with share tokens.
/// <code>
///   paste ──► what would be asked of whom; nothing was sent ──► Confirm ──► the same page, with how far it is
///                                                         └──► Discard ──► the list
/// </code>
/// </summary>
internal static class IncomingShareEndpoints
{
    public const string Path = ConsolePaths.Cameras + "/incoming";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup(Path).AddEndpointFilter(RequireUser.Any);
        pages.MapGet("/add", () => Pages.Of<AddByTokenPage>());
        pages.MapPost("/add", ProposeAsync);
        pages.MapGet("/{id}", ShowAsync);
        pages.MapPost("/{id}/confirm", ConfirmAsync);
        pages.MapPost("/{id}/remove", RemoveAsync);
    }

    /// <summary>The address of one's page.</summary>
    public static string PathOf(Guid share) => $"{Path}/{share:D}";

    private static async Task<IResult> ProposeAsync(HttpContext context, IncomingShares shares)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var word = form["level"].ToString();
        var level = SharingText.LevelOf(word);
        if (level is null && word.Length > 0) return Pages.Of<AddByTokenPage>(new { Refusal = "Please choose a level that the page offers." }, StatusCodes.Status400BadRequest);
        var outcome = await shares.ProposeAsync(CameraEndpoints.IdOf(context), form["token"].ToString(), level, context.RequestAborted);
        return outcome.Share is { } share
            ? new SeeOther(PathOf(share.Id))
            : Pages.Of<AddByTokenPage>(new { Refusal = outcome.Explanation }, outcome.Refusal == ProposalRefusal.TooMany ? StatusCodes.Status429TooManyRequests : StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, string id, IncomingShares shares) =>
        Guid.TryParseExact(id, "D", out var share) && await shares.FindAsync(CameraEndpoints.IdOf(context), share, context.RequestAborted) is { } found
            ? Pages.Of<IncomingSharePage>(new { Share = found })
            : NoSuchShare();

    private static async Task<IResult> ConfirmAsync(HttpContext context, string id, IncomingShares shares) =>
        Guid.TryParseExact(id, "D", out var share) && await shares.ConfirmAsync(CameraEndpoints.IdOf(context), share, context.RequestAborted) is not null
            ? new SeeOther(PathOf(share))
            : NoSuchShare();

    private static async Task<IResult> RemoveAsync(HttpContext context, string id, IncomingShares shares) =>
        Guid.TryParseExact(id, "D", out var share) && await shares.DeleteAsync(CameraEndpoints.IdOf(context), share, context.RequestAborted)
            ? new SeeOther(ConsolePaths.Cameras)
            : NoSuchShare();

    private static IResult NoSuchShare() => Pages.Message(StatusCodes.Status404NotFound, "No such share", "You asked no other cloud for a camera under this id.");
}
