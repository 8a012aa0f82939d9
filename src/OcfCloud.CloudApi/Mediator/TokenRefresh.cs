using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OcfCloud.Core.Tokens;
using OcfCloud.Identity.Http;
using OcfCloud.Identity.Tokens;
using OcfCloud.Identity.Users;

namespace OcfCloud.CloudApi.Mediator;

/// <summary><c>/mediator/v1/tokenrefresh</c>: new tokens of a registration. The refresh token is the proof.</summary>
internal static class TokenRefresh
{
    // Ours have 43 characters; what is far from that is no token and needs no hashing.
    private const int MaxTokenLength = 512;

    public static async Task<IResult> PostAsync(HttpContext context, MediatorRegistrations registrations, UserAccounts users, AccessTokens tokens)
    {
        var (json, problem) = await JsonBody.ReadAsync(context.Request);
        if (problem is not null) return problem;
        if (json is not { ValueKind: JsonValueKind.Object } body || !body.TryText("refreshtoken", out var token) || token.Length is 0 or > MaxTokenLength)
        {
            return Problem.BadRequest($"refreshtoken has to be a text of 1 to {MaxTokenLength} characters.");
        }

        return await registrations.RefreshAsync(token, context.RequestAborted) is { } refresh && await users.FindAsync(refresh.UserId, context.RequestAborted) is { } user
            ? Results.Json(await MediatorTokens.IssueAsync(tokens, refresh, user.UserName!, client: null, context.RequestAborted))
            : Problem.Unauthorized(context, "The refresh token is not valid.");
    }
}
