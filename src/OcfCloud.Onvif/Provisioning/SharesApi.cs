using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Http;
using OcfCloud.Identity.Tokens;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Provisioning;

/// <summary><c>/api/v1/cameras/{id}/shares</c>: the owner's view of what was shared, resending and taking back.</summary>
internal static class SharesApi
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api/v1/cameras/{id}/shares").WithTags("Cameras").RequireScope(ScopeSet.Cameras);
        api.MapGet("", ListAsync).WithSummary("Lists what was shared of a camera").Produces<IEnumerable<ShareEntry>>().Refuses(404, 503);
        api.MapGet("/{shareId}", GetAsync).WithSummary("Says how far a share is").Produces<ShareEntry>().Refuses(404, 503);
        api.MapPost("/{shareId}/resend", ResendAsync).WithSummary("Tells the other cloud again, where it could not be told").Produces(StatusCodes.Status202Accepted).Refuses(404, 409, 503);
        api.MapDelete("/{shareId}", DeleteAsync).WithSummary("Takes the other cloud's access to the camera back").Produces(StatusCodes.Status202Accepted).Refuses(404, 409, 503);
    }

    private static async Task<IResult> ListAsync(string id, HttpContext context, CameraShares shares) =>
        Guid.TryParse(id, out var camera) && await shares.ListAsync(Caller.Of(context.User).User, camera, context.RequestAborted) is { } list
            ? Results.Json(list.Select(EntryOf))
            : Problem.NotFound("The user has no such camera.");

    private static async Task<IResult> GetAsync(string id, string shareId, HttpContext context, CameraShares shares) =>
        Guid.TryParse(id, out var camera) && Guid.TryParse(shareId, out var share) && await shares.FindAsync(Caller.Of(context.User).User, camera, share, context.RequestAborted) is { } found
            ? Results.Json(EntryOf(found))
            : Unknown();

    private static async Task<IResult> ResendAsync(string id, string shareId, HttpContext context, CameraShares shares) =>
        Guid.TryParse(id, out var camera) && Guid.TryParse(shareId, out var share)
            ? Answer(await shares.ResendAsync(Caller.Of(context.User).User, camera, share, context.RequestAborted), "The other cloud is told again only where it could not be told before.")
            : Unknown();

    private static async Task<IResult> DeleteAsync(string id, string shareId, HttpContext context, CameraShares shares) =>
        Guid.TryParse(id, out var camera) && Guid.TryParse(shareId, out var share)
            ? Answer(await shares.UnshareAsync(Caller.Of(context.User).User, camera, share, context.RequestAborted), "The camera has left this cloud: only the other one can take access back.")
            : Unknown();

    private static IResult Answer(ShareChange change, string conflict) => change switch
    {
        ShareChange.Done => Results.StatusCode(StatusCodes.Status202Accepted),
        ShareChange.Conflict => Problem.Conflict(conflict),
        _ => Unknown(),
    };

    // Somebody else's and none at all look the same.
    private static IResult Unknown() => Problem.NotFound("The user's camera has no such share.");

    private static ShareEntry EntryOf(ShareSummary share) => new(
        share.Id, share.TokenId, share.Mode == ShareMode.Share ? "share" : "transfer", ShareStates.TextOf(share.State), share.Reason,
        [.. share.Steps.Select(step => new ShareStepEntry(step.Name, step.At, step.Detail))]);
}
