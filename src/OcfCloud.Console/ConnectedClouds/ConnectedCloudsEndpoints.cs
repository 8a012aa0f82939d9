using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OcfCloud.Console.Layout;
using OcfCloud.Console.Sessions;
using OcfCloud.Core.Devices;
using OcfCloud.Identity.Grants;

namespace OcfCloud.Console.ConnectedClouds;

/// <summary>Which clouds a user let in, and taking it back (cloud-to-cloud.md, 1.2).</summary>
internal static class ConnectedCloudsEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup(ConsolePaths.ConnectedClouds).AddEndpointFilter(RequireUser.Any);
        pages.MapGet("", ShowAsync);
        pages.MapPost("/revoke", RevokeAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, UserGrants grants) =>
        Pages.Of<ConnectedCloudsPage>(new { Grants = await grants.ListAsync(IdOf(context), context.RequestAborted) });

    private static async Task<IResult> RevokeAsync(HttpContext context, UserGrants grants)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        await grants.RevokeAsync(IdOf(context), form["client"].ToString(), context.RequestAborted);
        return new SeeOther(ConsolePaths.ConnectedClouds);
    }

    private static UserId IdOf(HttpContext context) => new(ConsoleSession.UserOf(context)!.Id);
}
