using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Identity.Http;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Operation;

/// <summary><c>POST /onvif/cloud/deviceSharingCompleted/{nonce}</c>; a cloud may append the operation's name to the address that it was given.</summary>
internal static class DeviceSharingCompletedApi
{
    private const string Path = "/onvif/cloud/deviceSharingCompleted/{nonce}";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var limit = endpoints.ServiceProvider.GetRequiredService<CloudDoorLimits>().Sharing;
        Describe(endpoints.MapPost(Path, PostAsync)).AddEndpointFilter(limit);
        endpoints.MapPost(Path + "/deviceSharingCompleted", PostAsync).AddEndpointFilter(limit).ExcludeFromDescription();
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) => endpoint.WithTags("ONVIF")
        .WithSummary("Device sharing completed notification")
        .WithDescription("The other cloud configured the camera, and brings its key. The address is the endpoint reference that this cloud gave it.")
        .WithMetadata(new DocumentedBody(typeof(DeviceSharingCompletedBody)))
        .WithMetadata(new DocumentedParameter("nonce", "path", "Only the cloud that was asked knows it."))
        .WithMetadata(
            new DocumentedResponse(StatusCodes.Status400BadRequest, "The address, the token or the key is not good.") { Types = [typeof(CloudError)] },
            new DocumentedResponse(StatusCodes.Status410Gone, "It was waited for long enough."),
            new DocumentedResponse(StatusCodes.Status200OK, "The key is registered, now or before."))
        .Refuses(413, 415, 429, 503);

    private static async Task<IResult> PostAsync(HttpContext context, string nonce, SharingCompletion completion)
    {
        var (body, unreadable) = await CloudBody.ReadAsync(context.Request);
        if (unreadable is not null) return unreadable;
        if (!body.TryText("shareToken", out var token) || !body.TryText("devicePublicKey", out var key)) return CloudError.InvalidConfiguration;
        return await completion.RunAsync(nonce, token, key, context.RequestAborted) switch
        {
            CompletionOutcome.Completed => Results.Ok(),
            CompletionOutcome.Unknown => CloudError.InvalidToken,
            CompletionOutcome.TooLate => Results.StatusCode(StatusCodes.Status410Gone),
            _ => CloudError.InvalidConfiguration,
        };
    }
}
