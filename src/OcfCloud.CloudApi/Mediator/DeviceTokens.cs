using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Tokens;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Http;

namespace OcfCloud.CloudApi.Mediator;

/// <summary><c>/mediator/v1/device-tokens</c>: what a mediator writes into a device's <c>oic.r.coapcloudconf</c>.</summary>
internal static class DeviceTokens
{
    public static async Task<IResult> PostAsync(HttpContext context, OneTimeTokens tokens, IOptions<MediatorApiOptions> options)
    {
        var (json, problem) = await JsonBody.ReadAsync(context.Request);
        if (problem is not null) return problem;
        if (!TryReadDevice(json, out var device))
        {
            return Problem.BadRequest("di has to be a UUID, or absent.");
        }

        var outcome = await tokens.TryIssueAsync(Caller.Of(context.User).User, device, context.RequestAborted);
        if (outcome.Token is not { } token)
        {
            return outcome.Refusal switch
            {
                OneTimeTokenRefusal.TooManyDevices => Problem.TooManyRequests("The user has as many devices as one may have: remove one first."),
                OneTimeTokenRefusal.TooManyTokens => Problem.TooManyRequests("The user has as many unused tokens for devices as one may have: they expire by themselves."),
                _ => Problem.Unauthorized(context, "The token's user is not there."),
            };
        }

        var cloud = options.Value;
        return Results.Json(
            new DeviceToken(token.Token, cloud.AuthorizationProvider, cloud.CloudUri, cloud.CloudId.ToString("D"), (long)token.Lifetime.TotalSeconds),
            statusCode: StatusCodes.Status201Created);
    }

    private static bool TryReadDevice(JsonElement? json, out DeviceId? device)
    {
        device = null;
        if (json is not { } body)
        {
            return true;
        }

        if (body.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        if (!body.TryGetProperty("di", out var value))
        {
            return true;
        }

        if (!JsonBody.TryText(value, out var text) || !DeviceId.TryParse(text, out var id))
        {
            return false;
        }

        device = id;
        return true;
    }
}
