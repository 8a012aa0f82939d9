using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Http;
using OcfCloud.Identity.Tokens;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.ShareTokens;

/// <summary><c>/api/v1/cameras/{id}/share-tokens</c>.</summary>
internal static class ShareTokensApi
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var tokens = endpoints.MapGroup("/api/v1/cameras/{id}/share-tokens").WithTags("Cameras").RequireScope(ScopeSet.Cameras);
        tokens.AddEndpointFilter(NoStore.InvokeAsync);
        tokens.MapPost("", PostAsync)
            .WithSummary("Issues a share token of a camera").WithDescription("The token is shown here only: it is carried to another cloud, which asks for the camera with it.")
            .WithMetadata(new DocumentedBody(typeof(NewShareToken)) { IsRequired = false })
            .Produces<NewShareTokenAnswer>(StatusCodes.Status201Created).Refuses(400, 404, 409, 413, 415, 429, 503);
        tokens.MapGet("", GetAsync)
            .WithSummary("Lists the share tokens of a camera").Produces<IEnumerable<ShareTokenEntry>>().Refuses(404, 503);
        tokens.MapDelete("/{tokenId}", DeleteAsync)
            .WithSummary("Revokes a share token").Produces(StatusCodes.Status204NoContent).Refuses(404, 409, 503);
    }

    private static async Task<IResult> PostAsync(HttpContext context, string id, ShareTokenDesk desk)
    {
        var (json, problem) = await JsonBody.ReadAsync(context.Request);
        if (problem is not null) return problem;
        if (!Guid.TryParseExact(id, "D", out var camera)) return UnknownCamera();
        var (order, wrong) = NewShareToken.Read(json);
        if (order is null) return wrong!;
        var outcome = await desk.IssueAsync(Caller.Of(context.User).User, camera, order, context.RequestAborted);
        return outcome.Token is { } token
            ? Results.Json(
                new NewShareTokenAnswer(token.Id, token.Text, SharingText.Of(token.Mode), SharingText.Of(token.UserLevel), token.Expires), statusCode: StatusCodes.Status201Created)
            : ProblemOf(outcome);
    }

    private static async Task<IResult> GetAsync(HttpContext context, string id, ShareTokenDesk desk)
    {
        if (!Guid.TryParseExact(id, "D", out var camera) || await desk.ListAsync(Caller.Of(context.User).User, camera, context.RequestAborted) is not { } tokens) return UnknownCamera();
        return Results.Json(tokens.Select(ShareTokenEntry.Of));
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, string tokenId, ShareTokenDesk desk)
    {
        if (!Guid.TryParseExact(id, "D", out var camera) || !Guid.TryParseExact(tokenId, "D", out var token)) return UnknownCamera();
        return await desk.RevokeAsync(Caller.Of(context.User).User, camera, token, context.RequestAborted) switch
        {
            RevokeOutcome.Revoked => Results.NoContent(),
            RevokeOutcome.Used => Problem.Conflict("The share token was used: take the share back."),
            _ => UnknownCamera(),
        };
    }

    private static IResult ProblemOf(ShareTokenOutcome outcome) => outcome.Refusal switch
    {
        ShareTokenRefusal.UnknownCamera => UnknownCamera(),
        ShareTokenRefusal.Lifetime => Problem.BadField("lifetime", outcome.Explanation!),
        ShareTokenRefusal.Recipient => Problem.BadField("recipient", outcome.Explanation!),
        ShareTokenRefusal.TransferLevel => Problem.BadField("userLevel", outcome.Explanation!),
        ShareTokenRefusal.TooMany => Problem.TooManyRequests(outcome.Explanation!),
        _ => Problem.Conflict(outcome.Explanation!),
    };

    // A camera and a token that are nobody's, and those of somebody else: the same body.
    private static IResult UnknownCamera() => Problem.NotFound("The user has no such camera, or the camera no such share token.");
}
