using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OcfCloud.Console.Layout;
using OcfCloud.Console.Sessions;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.ShareTokens;

namespace OcfCloud.Console.Cameras;

/// <summary>The share tokens of a camera. A token is in the answer that made it, and in no address: addresses are kept in histories and logs.</summary>
internal static class ShareTokenEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup(ConsolePaths.Cameras + "/{id}/share-tokens").AddEndpointFilter(RequireUser.Any);
        pages.MapPost("", IssueAsync);
        pages.MapPost("/download", DownloadAsync);
        pages.MapPost("/revoke", RevokeAsync);
    }

    /// <summary>Where a camera's are made.</summary>
    public static string PathOf(Guid camera) => CameraEndpoints.PathOf(camera) + "/share-tokens";

    private static async Task<IResult> IssueAsync(HttpContext context, string id, ShareTokenDesk desk, OwnCameras cameras)
    {
        if (!Guid.TryParseExact(id, "D", out var camera)) return CameraEndpoints.NoSuchCamera();
        if (OrderOf(await context.Request.ReadFormAsync(context.RequestAborted)) is not { } order)
            return await CameraEndpoints.PageAsync(context, id, cameras, "Please choose what the page offers.", StatusCodes.Status400BadRequest);
        var outcome = await desk.IssueAsync(CameraEndpoints.IdOf(context), camera, order, context.RequestAborted);
        if (outcome.Token is { } token) return Pages.Of<ShareTokenPage>(new { Camera = camera, Token = token });
        return outcome.Refusal == ShareTokenRefusal.UnknownCamera
            ? CameraEndpoints.NoSuchCamera()
            : await CameraEndpoints.PageAsync(context, id, cameras, outcome.Explanation, StatusOf(outcome.Refusal));
    }

    // Nothing is kept that could be handed out again: the page's own form brings the token along.
    private static async Task<IResult> DownloadAsync(HttpContext context, string id, OwnCameras cameras)
    {
        if (await cameras.FindAsync(CameraEndpoints.IdOf(context), id, context.RequestAborted) is null) return CameraEndpoints.NoSuchCamera();
        return ShareTokenText.CompactOf((await context.Request.ReadFormAsync(context.RequestAborted))["token"].ToString()) is { } token
            ? Results.File(Encoding.ASCII.GetBytes(token), "application/jwt", "share-token.jwt")
            : await CameraEndpoints.PageAsync(context, id, cameras, "This is no share token.", StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> RevokeAsync(HttpContext context, string id, ShareTokenDesk desk, OwnCameras cameras)
    {
        var which = (await context.Request.ReadFormAsync(context.RequestAborted))["token"].ToString();
        if (!Guid.TryParseExact(id, "D", out var camera) || !Guid.TryParseExact(which, "D", out var token)) return NoSuchToken();
        return await desk.RevokeAsync(CameraEndpoints.IdOf(context), camera, token, context.RequestAborted) switch
        {
            RevokeOutcome.Revoked => new SeeOther(CameraEndpoints.PathOf(camera)),
            RevokeOutcome.Used => await CameraEndpoints.PageAsync(context, id, cameras, "The share token was used: un-share instead.", StatusCodes.Status409Conflict),
            _ => NoSuchToken(),
        };
    }

    private static ShareTokenOrder? OrderOf(IFormCollection form)
    {
        var (lifetime, recipient) = (form["lifetime"].ToString(), form["recipient"].ToString().Trim());
        var time = TimeSpan.Zero;
        if (SharingText.ModeOf(form["mode"]) is not { } mode || SharingText.LevelOf(form["level"]) is not { } level) return null;
        if (lifetime.Length > 0 && !TimeSpan.TryParseExact(lifetime, "c", CultureInfo.InvariantCulture, out time)) return null;
        return new ShareTokenOrder { Mode = mode, UserLevel = level, Lifetime = lifetime.Length > 0 ? time : null, Recipient = recipient.Length > 0 ? recipient : null };
    }

    private static int StatusOf(ShareTokenRefusal refusal) => refusal switch
    {
        ShareTokenRefusal.Lifetime or ShareTokenRefusal.Recipient or ShareTokenRefusal.TransferLevel => StatusCodes.Status400BadRequest,
        ShareTokenRefusal.TooMany => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status409Conflict,
    };

    private static IResult NoSuchToken() => Pages.Message(StatusCodes.Status404NotFound, "No such share token", "Your camera has no share token of this id.");
}
