using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OcfCloud.Console.Layout;
using OcfCloud.Console.Sessions;
using OcfCloud.Identity.Clients;

namespace OcfCloud.Console.Administration;

/// <summary>The clients of the authorization server, for administrators.</summary>
internal static class ClientEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup(ConsolePaths.Clients).AddEndpointFilter(RequireUser.Administrator);
        pages.MapGet("", (HttpContext context, CloudClients clients) => PageAsync(context, clients, change: null));
        pages.MapPost("", AddAsync);
        pages.MapPost("/rotate-secret", RotateAsync);
        pages.MapPost("/remove", RemoveAsync);
    }

    private static async Task<IResult> AddAsync(HttpContext context, CloudClients clients)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var change = await clients.AddAsync(
            new ClientRegistration(
                form["name"].ToString().Trim(),
                form["redirect-uris"].ToString().Split(['\r', '\n', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                [.. form["scope"].OfType<string>()],
                form.ContainsKey("public")),
            context.RequestAborted);

        // No redirect: the secret is nowhere but in this answer.
        return await PageAsync(context, clients, change);
    }

    private static async Task<IResult> RotateAsync(HttpContext context, CloudClients clients) =>
        await PageAsync(context, clients, await clients.RotateSecretAsync(await ClientOf(context), context.RequestAborted));

    private static async Task<IResult> RemoveAsync(HttpContext context, CloudClients clients)
    {
        var change = await clients.RemoveAsync(await ClientOf(context), context.RequestAborted);
        return change.Refusal is null ? new SeeOther(ConsolePaths.Clients) : await PageAsync(context, clients, change);
    }

    private static async Task<IResult> PageAsync(HttpContext context, CloudClients clients, ClientChange? change) => Pages.Of<ClientsPage>(
        new { Clients = await clients.ListAsync(context.RequestAborted), Shown = change?.Client is null ? null : change, change?.Refusal },
        change?.Refusal is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);

    private static async Task<string> ClientOf(HttpContext context) => (await context.Request.ReadFormAsync(context.RequestAborted))["client"].ToString();
}
