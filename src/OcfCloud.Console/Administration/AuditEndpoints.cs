using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OcfCloud.Console.Layout;
using OcfCloud.Console.Sessions;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Identity.Users;

namespace OcfCloud.Console.Administration;

/// <summary>The audit record, for administrators.</summary>
internal static class AuditEndpoints
{
    private const int PageSize = 100;

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet(ConsolePaths.Audit, ShowAsync).AddEndpointFilter(RequireUser.Administrator);

    private static async Task<IResult> ShowAsync(HttpContext context, AuditLog log, UserAccounts users)
    {
        var query = context.Request.Query;
        var asked = new AuditQuery(query["user"].ToString(), query["kind"].ToString(), query["since"].ToString());
        if (!AuditKind.All.Contains(asked.Kind) && asked.Kind.Length > 0) return await PageAsync([], refusal: "There is no such kind.");
        if (!TryReadSince(asked.Since, out var since)) return await PageAsync([], refusal: "\"Since\" is no date: it is written as 2026-11-24.");
        UserId? user = null;
        if (asked.User.Length > 0 && (user = await FindAsync(asked.User)) is null) return await PageAsync([], refusal: "There is no user of this name, and the record knows of none.");

        var before = long.TryParse(query["before"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (long?)number : null;
        var filter = new AuditFilter { User = user, Kind = asked.Kind.Length > 0 ? asked.Kind : null, Since = since, Before = before };
        return await PageAsync(await log.ListAsync(filter, PageSize + 1, context.RequestAborted));

        async Task<UserId?> FindAsync(string name) => await users.FindAsync(name, context.RequestAborted) is { } known
            ? new UserId(known.Id)
            : await log.FindRemovedUserAsync(name, context.RequestAborted);

        async Task<IResult> PageAsync(IReadOnlyList<AuditEntry> found, string? refusal = null) => Pages.Of<AuditPage>(
            new
            {
                Entries = (IReadOnlyList<AuditEntry>)[.. found.Take(PageSize)],
                Names = new AuditNames(await users.NamesOfAsync(AuditNames.UsersIn(found), context.RequestAborted)),
                Asked = asked,
                EarlierThan = found.Count > PageSize ? found[PageSize - 1].Id : (long?)null,
                Refusal = refusal,
            },
            refusal is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }

    private static bool TryReadSince(string text, out DateTimeOffset? since)
    {
        since = null;
        if (text.Length == 0) return true;
        if (!DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day)) return false;
        since = day;
        return true;
    }
}
