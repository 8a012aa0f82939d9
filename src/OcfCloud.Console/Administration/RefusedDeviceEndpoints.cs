using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OcfCloud.Console.Layout;
using OcfCloud.Console.Sessions;
using OcfCloud.Core.Refusals;

namespace OcfCloud.Console.Administration;

/// <summary>Devices that were refused and are nobody's, for administrators.</summary>
internal static class RefusedDeviceEndpoints
{
    private const int PageSize = 100;

    // More than are kept by default: nobody turns so many pages.
    private const int MaxPage = 10_000;

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet(ConsolePaths.RefusedDevices, ShowAsync).AddEndpointFilter(RequireUser.Administrator);

    private static async Task<IResult> ShowAsync(HttpContext context, DeviceRefusals refusals)
    {
        var page = int.TryParse(context.Request.Query["page"], out var asked) ? Math.Clamp(asked, 1, MaxPage) : 1;
        var devices = await refusals.ListUnregisteredAsync(PageSize + 1, (page - 1) * PageSize, context.RequestAborted);
        return Pages.Of<RefusedDevicesPage>(new { Devices = (IReadOnlyList<RefusedDevice>)[.. devices.Take(PageSize)], Number = page, HasMore = devices.Count > PageSize });
    }
}
