using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Http;
using OcfCloud.Identity.Tokens;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Operation;

/// <summary><c>/api/v1/incoming-shares</c>.</summary>
internal static class IncomingSharesApi
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var shares = endpoints.MapGroup("/api/v1/incoming-shares").WithTags("Incoming shares").RequireScope(ScopeSet.Cameras);
        shares.AddEndpointFilter(NoStore.InvokeAsync);
        shares.MapPost("", PostAsync)
            .WithSummary("Reads a share token of another cloud").WithDescription("Shows what would be asked of whom. The token is not checked, and nothing is sent.")
            .WithMetadata(new DocumentedBody(typeof(NewIncomingShare)))
            .Produces<IncomingShareEntry>(StatusCodes.Status201Created).Refuses(400, 409, 413, 415, 429, 503);
        shares.MapPost("/{id}/confirm", ConfirmAsync)
            .WithSummary("Asks the other cloud for the camera").WithDescription("Sends startDeviceSharing. Repeating it sends nothing more.")
            .Produces<IncomingShareEntry>(StatusCodes.Status202Accepted).Refuses(404, 503);
        shares.MapGet("", ListAsync).WithSummary("Lists the user's incoming shares").Produces<IEnumerable<IncomingShareEntry>>().Refuses(503);
        shares.MapGet("/{id}", GetAsync).WithSummary("Shows an incoming share").Produces<IncomingShareEntry>().Refuses(404, 503);
        shares.MapDelete("/{id}", DeleteAsync)
            .WithSummary("Forgets an incoming share").WithDescription("What is under way comes to nothing, a camera that never connected goes; one that did stays.")
            .Produces(StatusCodes.Status204NoContent).Refuses(404, 503);
    }

    private static async Task<IResult> PostAsync(HttpContext context, IncomingShares shares)
    {
        var (json, problem) = await JsonBody.ReadAsync(context.Request);
        if (problem is not null) return problem;
        if (json is not { ValueKind: JsonValueKind.Object } body || !body.TryText("shareToken", out var token)) return Problem.BadField("shareToken", "shareToken has to be a text.");
        UserLevel? level = null;
        if (body.TryGetProperty("userLevel", out var value) && value.ValueKind != JsonValueKind.Null
            && (!JsonBody.TryText(value, out var word) || (level = SharingText.LevelOf(word)) is null))
        {
            return Problem.BadField("userLevel", "userLevel has to be Administrator, Operator or User.");
        }

        var outcome = await shares.ProposeAsync(Caller.Of(context.User).User, token, level, context.RequestAborted);
        return outcome.Refusal switch
        {
            ProposalRefusal.None => Results.Json(IncomingShareEntry.Of(outcome.Share!), statusCode: StatusCodes.Status201Created),
            ProposalRefusal.TooMany => Problem.TooManyRequests(outcome.Explanation!),
            ProposalRefusal.NoUplink => Problem.Conflict(outcome.Explanation!),
            ProposalRefusal.UnknownUser => Problem.Unauthorized(context, outcome.Explanation!),
            _ => Problem.BadField("shareToken", outcome.Explanation!),
        };
    }

    private static async Task<IResult> ConfirmAsync(HttpContext context, string id, IncomingShares shares) =>
        Guid.TryParseExact(id, "D", out var share) && await shares.ConfirmAsync(Caller.Of(context.User).User, share, context.RequestAborted) is { } confirmed
            ? Results.Json(IncomingShareEntry.Of(confirmed), statusCode: StatusCodes.Status202Accepted)
            : Unknown();

    private static async Task<IResult> ListAsync(HttpContext context, IncomingShares shares) =>
        Results.Json((await shares.ListAsync(Caller.Of(context.User).User, context.RequestAborted)).Select(IncomingShareEntry.Of));

    private static async Task<IResult> GetAsync(HttpContext context, string id, IncomingShares shares) =>
        Guid.TryParseExact(id, "D", out var share) && await shares.FindAsync(Caller.Of(context.User).User, share, context.RequestAborted) is { } found
            ? Results.Json(IncomingShareEntry.Of(found))
            : Unknown();

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, IncomingShares shares) =>
        Guid.TryParseExact(id, "D", out var share) && await shares.DeleteAsync(Caller.Of(context.User).User, share, context.RequestAborted) ? Results.NoContent() : Unknown();

    private static IResult Unknown() => Problem.NotFound("The user has no such incoming share.");
}
