using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OcfCloud.Console.Layout;
using OcfCloud.Console.Sessions;
using OcfCloud.Onvif.Firmware;

namespace OcfCloud.Console.Administration;

/// <summary>The versions of firmware that cameras can be told to upgrade to, for administrators.</summary>
internal static class FirmwareEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup(ConsolePaths.Firmware).AddEndpointFilter(RequireUser.Administrator);
        pages.MapGet("", (HttpContext context, FirmwareImages images) => PageAsync(context, images));
        pages.MapPost("", AddAsync);
        pages.MapPost("/remove", RemoveAsync);
    }

    private static async Task<IResult> AddAsync(HttpContext context, FirmwareImages images)
    {
        var (model, version) = await TypedOf(context);
        return await images.AddAsync(model.Trim(), version.Trim(), context.RequestAborted) is { } refusal
            ? await PageAsync(context, images, refusal, model, version)
            : new SeeOther(ConsolePaths.Firmware);
    }

    private static async Task<IResult> RemoveAsync(HttpContext context, FirmwareImages images)
    {
        var (model, version) = await TypedOf(context);

        // What is gone already is gone.
        await images.RemoveAsync(model, version, context.RequestAborted);
        return new SeeOther(ConsolePaths.Firmware);
    }

    private static async Task<IResult> PageAsync(HttpContext context, FirmwareImages images, string? refusal = null, string model = "", string version = "") => Pages.Of<FirmwarePage>(
        new { Images = await images.ListAsync(context.RequestAborted), Refusal = refusal, Model = model, Version = version },
        refusal is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);

    private static async Task<(string Model, string Version)> TypedOf(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return (form["model"].ToString(), form["version"].ToString());
    }
}
