using Microsoft.AspNetCore.Http;
using OcfCloud.Core.Tokens;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Http;
using OcfCloud.Identity.Tokens;

namespace OcfCloud.CloudApi.Mediator;

/// <summary><c>/mediator/v1/registrations</c>: a mediator makes itself known with its user's token.</summary>
internal static class Registrations
{
    public static async Task<IResult> PostAsync(HttpContext context, MediatorRegistrations registrations, AccessTokens tokens)
    {
        // Nothing is asked for; what a body says is not looked at, but it has to be JSON like any other.
        var (_, problem) = await JsonBody.ReadAsync(context.Request);
        if (problem is not null) return problem;

        var caller = Caller.Of(context.User);
        if (await registrations.RegisterAsync(caller.User, context.RequestAborted) is not { } refresh)
        {
            return Problem.Unauthorized(context, "The token's user is not there.");
        }

        var answer = await MediatorTokens.IssueAsync(tokens, refresh, context.User.Identity?.Name ?? "", caller.Client, context.RequestAborted);
        return Results.Json(answer, statusCode: StatusCodes.Status201Created);
    }
}
