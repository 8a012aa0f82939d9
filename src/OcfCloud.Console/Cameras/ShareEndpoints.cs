using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OcfCloud.Console.Layout;
using OcfCloud.Console.Sessions;
using OcfCloud.Onvif.Provisioning;

namespace OcfCloud.Console.Cameras;

/// <summary>What an owner does about a share of a camera: telling the other cloud again, and taking its access back.</summary>
internal static class ShareEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup(ConsolePaths.Cameras + "/{id}/shares/{share}").AddEndpointFilter(RequireUser.Any);
        pages.MapPost("/resend", ResendAsync);
        pages.MapGet("/unshare", AskToUnshareAsync);
        pages.MapPost("/unshare", UnshareAsync);
    }

    private static async Task<IResult> ResendAsync(HttpContext context, string id, string share, CameraShares shares, OwnCameras cameras) => TryParse(id, share, out var camera, out var which)
        ? await AnswerAsync(
            context, camera, await shares.ResendAsync(CameraEndpoints.IdOf(context), camera, which, context.RequestAborted), cameras, "The other cloud is told again only where it could not be told before.")
        : NoSuchShare();

    private static async Task<IResult> AskToUnshareAsync(HttpContext context, string id, string share, CameraShares shares) =>
        TryParse(id, share, out var camera, out var which) && await shares.FindAsync(CameraEndpoints.IdOf(context), camera, which, context.RequestAborted) is { } found
            ? Pages.Of<UnsharePage>(new { Camera = camera, Share = found })
            : NoSuchShare();

    private static async Task<IResult> UnshareAsync(HttpContext context, string id, string share, CameraShares shares, OwnCameras cameras) => TryParse(id, share, out var camera, out var which)
        ? await AnswerAsync(
            context, camera, await shares.UnshareAsync(CameraEndpoints.IdOf(context), camera, which, context.RequestAborted), cameras, "The camera has left this cloud: only the other one can take access back.")
        : NoSuchShare();

    private static async Task<IResult> AnswerAsync(HttpContext context, Guid camera, ShareChange change, OwnCameras cameras, string conflict) => change switch
    {
        ShareChange.Done => new SeeOther(CameraEndpoints.PathOf(camera)),
        ShareChange.Conflict => await CameraEndpoints.PageAsync(context, camera.ToString("D"), cameras, conflict, StatusCodes.Status409Conflict),
        _ => NoSuchShare(),
    };

    private static bool TryParse(string id, string share, out Guid camera, out Guid which)
    {
        which = default;
        return Guid.TryParseExact(id, "D", out camera) && Guid.TryParseExact(share, "D", out which);
    }

    private static IResult NoSuchShare() => Pages.Message(StatusCodes.Status404NotFound, "No such share", "Your camera has no share of this id.");
}
