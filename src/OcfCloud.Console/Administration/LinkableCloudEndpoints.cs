using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.Console.Layout;
using OcfCloud.Console.Sessions;

namespace OcfCloud.Console.Administration;

/// <summary>The clouds whose accounts users may link, for administrators.</summary>
internal static class LinkableCloudEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup(ConsolePaths.LinkableClouds).AddEndpointFilter(RequireUser.Administrator);
        pages.MapGet("", (HttpContext context, LinkedCloudStore clouds, LinkedCloudRegister register) => PageAsync(context, clouds, register, new Shown()));
        pages.MapPost("", AddAsync);
        pages.MapPost("/test", TestAsync);
        pages.MapPost("/remove", RemoveAsync);
    }

    private static async Task<IResult> AddAsync(HttpContext context, LinkedCloudStore clouds, LinkedCloudRegister register)
    {
        var typed = new TypedCloud(await context.Request.ReadFormAsync(context.RequestAborted));
        var (registration, unreadable) = typed.Read();
        var change = registration is null ? new CloudChange(null, unreadable) : await register.AddAsync(registration, context.RequestAborted);

        // No redirect: what was found is nowhere but in this answer.
        return await PageAsync(context, clouds, register, change.Cloud is { } cloud
            ? new Shown
            {
                About = cloud.Name,
                Told = change.IsUpdate
                    ? $"{cloud.Name} was changed: all is as it was typed now, and its accounts stay linked."
                    : $"{cloud.Name} was added. Register this redirect URI there: {register.RedirectUriOf(cloud.Name)}",
                Findings = change.Findings,
            }
            : new Shown { About = registration?.Name, Refusal = change.Refusal, Findings = change.Findings, Typed = typed });
    }

    private static async Task<IResult> TestAsync(HttpContext context, LinkedCloudStore clouds, LinkedCloudRegister register)
    {
        var name = await CloudOf(context);
        return await PageAsync(context, clouds, register, await register.TestAsync(name, context.RequestAborted) is { } test
            ? new Shown
            {
                About = name,
                Told = test.IsGood ? $"{name}: all is as it has to be." : null,
                Trouble = test.IsGood ? null : $"{name}: not all is as it has to be.",
                Findings = test.Findings,
            }
            : new Shown { Refusal = "There is no linked cloud of this name (any more)." });
    }

    private static async Task<IResult> RemoveAsync(HttpContext context, LinkedCloudStore clouds, LinkedCloudRegister register)
    {
        var change = await register.RemoveAsync(await CloudOf(context), context.RequestAborted);
        return change.Refusal is null ? new SeeOther(ConsolePaths.LinkableClouds) : await PageAsync(context, clouds, register, new Shown { Refusal = change.Refusal });
    }

    private static async Task<IResult> PageAsync(HttpContext context, LinkedCloudStore clouds, LinkedCloudRegister register, Shown shown) => Pages.Of<LinkableCloudsPage>(
        new
        {
            Clouds = await clouds.ListAsync(context.RequestAborted),
            RedirectUriOf = (Func<string, string>)register.RedirectUriOf,
            shown.About,
            shown.Told,
            Trouble = shown.Refusal ?? shown.Trouble,
            shown.Findings,
            shown.Typed,
        },
        shown.Refusal is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);

    private static async Task<string> CloudOf(HttpContext context) => (await context.Request.ReadFormAsync(context.RequestAborted))["cloud"].ToString();

    // What came of a form.
    private sealed record Shown
    {
        public string? About { get; init; }

        public string? Told { get; init; }

        public string? Trouble { get; init; }

        public string? Refusal { get; init; }

        public IReadOnlyList<CloudFinding> Findings { get; init; } = [];

        public TypedCloud Typed { get; init; } = new(null);
    }
}
