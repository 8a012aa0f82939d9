using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OcfCloud.Console.Layout;
using OcfCloud.Console.Sessions;
using OcfCloud.Core.Devices;
using OcfCloud.Onvif.Enrolment;
using OcfCloud.Onvif.Firmware;
using OcfCloud.Onvif.Operation;
using OcfCloud.Onvif.Soap;

namespace OcfCloud.Console.Cameras;

/// <summary>A user's cameras: how they are doing, who they are, their firmware, and letting them go.</summary>
internal static class CameraEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup(ConsolePaths.Cameras).AddEndpointFilter(RequireUser.Any);
        pages.MapGet("", ListAsync);
        pages.MapGet("/{id}", ShowAsync);
        pages.MapPost("/{id}/information", RefreshAsync);
        pages.MapPost("/{id}/firmware", UpgradeAsync);
        pages.MapGet("/{id}/remove", AskToRemoveAsync);
        pages.MapPost("/{id}/remove", RemoveAsync);
    }

    /// <summary>Another user's camera is as unknown as one that is not there.</summary>
    public static IResult NoSuchCamera() => Pages.Message(StatusCodes.Status404NotFound, "No such camera", "You have no camera of this id.");

    /// <summary>A camera's page, with what came of a form.</summary>
    public static async Task<IResult> PageAsync(HttpContext context, string id, OwnCameras cameras, string? told = null, int status = StatusCodes.Status200OK) =>
        await cameras.DetailsAsync(IdOf(context), id, context.RequestAborted) is { } details
            ? Pages.Of<CameraPage>(new { Details = details, Told = told, IsBad = status != StatusCodes.Status200OK }, status)
            : NoSuchCamera();

    /// <summary>The address of a camera's page.</summary>
    public static string PathOf(Guid camera) => $"{ConsolePaths.Cameras}/{camera:D}";

    /// <summary>Whose request it is.</summary>
    public static UserId IdOf(HttpContext context) => new(ConsoleSession.UserOf(context)!.Id);

    private static async Task<IResult> ListAsync(HttpContext context, CameraRegister cameras, IncomingShares incoming) => Pages.Of<CamerasPage>(new
    {
        Cameras = await cameras.ListAsync(IdOf(context), context.RequestAborted),
        Incoming = await incoming.ListAsync(IdOf(context), context.RequestAborted),
    });

    private static Task<IResult> ShowAsync(HttpContext context, string id, OwnCameras cameras) => PageAsync(context, id, cameras);

    private static async Task<IResult> RefreshAsync(HttpContext context, string id, OwnCameras cameras, CameraMaintenance maintenance)
    {
        if (!Guid.TryParseExact(id, "D", out var camera) || await maintenance.RefreshInformationAsync(camera, IdOf(context), context.RequestAborted) is not { } answer) return NoSuchCamera();

        // No redirect here and below: what the camera said is nowhere but in this answer.
        return answer.Outcome == CallOutcome.Done
            ? await PageAsync(context, id, cameras, "The camera said who it is.")
            : await PageAsync(context, id, cameras, CallText.Of(answer.Outcome, answer.Fault), StatusOf(answer.Outcome));
    }

    private static async Task<IResult> UpgradeAsync(HttpContext context, string id, OwnCameras cameras, CameraMaintenance maintenance)
    {
        var version = (await context.Request.ReadFormAsync(context.RequestAborted))["version"].ToString();
        if (FirmwareText.Refuse("version", version) is { } refusal) return await PageAsync(context, id, cameras, refusal, StatusCodes.Status400BadRequest);
        if (!Guid.TryParseExact(id, "D", out var camera) || await maintenance.UpgradeFirmwareAsync(camera, IdOf(context), version, context.RequestAborted) is not { } answer) return NoSuchCamera();
        return answer.Value is { } downTime
            ? await PageAsync(context, id, cameras, $"The camera upgrades to {version}. It expects to be away for {DurationWords.Of(downTime)}.")
            : await PageAsync(context, id, cameras, CallText.Of(answer.Outcome, answer.Fault), StatusOf(answer.Outcome));
    }

    private static async Task<IResult> AskToRemoveAsync(HttpContext context, string id, OwnCameras cameras) =>
        await cameras.FindAsync(IdOf(context), id, context.RequestAborted) is { } found ? Pages.Of<RemoveCameraPage>(new { Known = found }) : NoSuchCamera();

    private static async Task<IResult> RemoveAsync(HttpContext context, string id, CameraRegister cameras) =>
        Guid.TryParseExact(id, "D", out var camera) && await cameras.RemoveAsync(camera, IdOf(context), context.RequestAborted) ? new SeeOther(ConsolePaths.Cameras) : NoSuchCamera();

    private static int StatusOf(CallOutcome outcome) => outcome switch
    {
        CallOutcome.Offline => StatusCodes.Status503ServiceUnavailable,
        CallOutcome.NoAnswer => StatusCodes.Status504GatewayTimeout,
        CallOutcome.Fault => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status502BadGateway,
    };
}
