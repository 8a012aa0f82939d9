using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OcfCloud.Console.Layout;
using OcfCloud.Console.Sessions;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Twins;

namespace OcfCloud.Console.Devices;

/// <summary>A user's devices: whether they are online, what they published, what their twins know.</summary>
internal static class DeviceEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup(ConsolePaths.Devices).AddEndpointFilter(RequireUser.Any);
        pages.MapGet("", ListAsync);
        pages.MapGet("/{di}", ShowAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext context, DeviceAccounts devices) =>
        Pages.Of<DevicesPage>(new { Devices = await devices.ListAsync(IdOf(context), context.RequestAborted) });

    private static async Task<IResult> ShowAsync(HttpContext context, string di, DeviceAccounts devices, ResourceDirectory directory, TwinStore twins)
    {
        // Another user's device is as unknown as one that is not there.
        if (!DeviceId.TryParse(di, out var id)
            || (await devices.ListAsync(IdOf(context), context.RequestAborted)).FirstOrDefault(device => device.DeviceId == id) is not { } found)
        {
            return Pages.Message(StatusCodes.Status404NotFound, "No such device", "You have no device of this name.");
        }

        var known = (await twins.OfDeviceAsync(id, context.RequestAborted)).ToDictionary(twin => twin.Href, StringComparer.Ordinal);
        var links = await directory.OfDeviceAsync(id, context.RequestAborted);
        return Pages.Of<DevicePage>(new
        {
            Device = found,
            Resources = (IReadOnlyList<ResourceView>)[.. links.OrderBy(link => link.Link.Href.ToString(), StringComparer.Ordinal)
                .Select(link => ResourceView.Of(link.Link.Href.ToString(), link.Link.Rt, known.GetValueOrDefault(link.Link.Href.ToString())))],
        });
    }

    private static UserId IdOf(HttpContext context) => new(ConsoleSession.UserOf(context)!.Id);
}
