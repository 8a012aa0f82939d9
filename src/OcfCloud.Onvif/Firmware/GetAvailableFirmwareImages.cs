using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Identity.Http;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Firmware;

/// <summary><c>getAvailableFWImages</c> (cloudintegration.yaml): which versions another cloud may name in UpgradeFirmware. It asks without saying who it is.</summary>
internal static class GetAvailableFirmwareImages
{
    /// <summary>Maps it.</summary>
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost("/onvif/cloud/getAvailableFWImages", PostAsync).AllowAnonymous()
        .WithTags("ONVIF").WithSummary("Returns the list of FW images currently available on the manufacturer cloud for the given model.")
        .WithDescription("The value of model must be the value returned in the model field of GetDeviceInformationResponse")
        .WithMetadata(new DocumentedBody(typeof(FirmwareQuery))).Produces<IEnumerable<string>>().Refuses(400, 413, 415, 429, 503)
        .AddEndpointFilter(endpoints.ServiceProvider.GetRequiredService<CloudDoorLimits>().Firmware);

    private static async Task<IResult> PostAsync(HttpContext context, FirmwareImages images)
    {
        var (json, problem) = await JsonBody.ReadAsync(context.Request);
        if (problem is not null) return problem;
        if (json is not { ValueKind: JsonValueKind.Object } body || !body.TryText("model", out var model) || model.Length == 0)
            return Problem.BadField("model", "The body has to be {\"model\": \"…\"}.");
        if (FirmwareText.Refuse("model", model) is { } refusal) return Problem.BadField("model", refusal);
        return await images.AvailableAsync(model, context.RequestAborted) is { } versions ? Results.Ok(versions) : Problem.BadField("model", "This model is not known here.");
    }
}
