using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OcfCloud.Core.Devices;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Http;

namespace OcfCloud.CloudApi.Mediator;

/// <summary><c>/mediator/v1/devices</c>: what the user has, and the way to put a device out.</summary>
internal static class Devices
{
    public static async Task<IResult> GetAsync(HttpContext context, DeviceAccounts devices)
    {
        var list = await devices.ListAsync(Caller.Of(context.User).User, context.RequestAborted);
        return Results.Json(list.Select(device => new UserDevice(
            device.DeviceId.ToString(), device.Name, device.Online ? "online" : "offline", device.LastSeen, device.Links, device.TwinEnabled)));
    }

    public static async Task<IResult> PatchAsync(string di, HttpContext context, DeviceAccounts devices)
    {
        var (json, problem) = await JsonBody.ReadAsync(context.Request);
        if (problem is not null) return problem;
        if (json is not { ValueKind: JsonValueKind.Object } body || !body.TryGetProperty("twin", out var twin) || twin.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return Problem.BadRequest("twin has to be true or false.");
        }

        return DeviceId.TryParse(di, out var device) && await devices.SetTwinAsync(device, Caller.Of(context.User).User, twin.GetBoolean(), context.RequestAborted)
            ? Results.NoContent()
            : Unknown();
    }

    public static async Task<IResult> DeleteAsync(string di, HttpContext context, DeviceAccounts devices) =>
        DeviceId.TryParse(di, out var device) && await devices.RemoveAsync(device, Caller.Of(context.User).User, context.RequestAborted)
            ? Results.NoContent()
            : Unknown();

    // Somebody else's device and none at all look the same.
    private static IResult Unknown() => Problem.NotFound("The user has no such device.");
}
