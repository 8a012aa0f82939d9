using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Host.Settings;
using OcfCloud.Identity.Users;

namespace OcfCloud.Host.Commands;

/// <summary><c>audit list</c>.</summary>
internal static class AuditCommands
{
    private const int MaxLimit = 100_000;

    public static Command Describe(CommandScope scope) => CommandScope.Group("audit", "Who was let in, who was put out, who was refused.", List(scope));

    private static Command List(CommandScope scope)
    {
        var only = new Option<string>("--user") { Description = "Only what is this user's, or what this user did; one who was removed included.", HelpName = "NAME" };
        var kind = new Option<string>("--kind") { Description = "Only entries of this kind.", HelpName = "KIND" };
        var since = new Option<string>("--since") { Description = "Only from then on: a time (2026-11-24T12:00:00Z), or how long ago (7.00:00:00).", HelpName = "TIME" };
        var limit = new Option<int>("--limit") { Description = "The most entries.", DefaultValueFactory = _ => 100, HelpName = "NUMBER" };
        return scope.Describe("list", "Lists the audit record, the newest first.", [only, kind, since, limit], (parsed, output, cancellation) =>
        {
            var most = parsed.GetValue(limit) is var given and >= 1 and <= MaxLimit ? given : throw new UsageException($"--limit: 1 to {MaxLimit}.");
            if (parsed.GetValue(kind) is { } named && !AuditKind.All.Contains(named)) throw new UsageException($"--kind: there is no \"{named}\", but {string.Join(", ", AuditKind.All)}.");
            var sinceText = parsed.GetValue(since);
            if (sinceText is not null && SinceOf(sinceText, TimeProvider.System) is null) throw new UsageException($"--since: \"{sinceText}\" is neither a time nor a duration.");
            return CommandStore.RunAsync(
                scope.Source,
                async services =>
                {
                    var users = services.GetRequiredService<UserAccounts>();
                    var log = services.GetRequiredService<AuditLog>();
                    var filter = new AuditFilter
                    {
                        User = parsed.GetValue(only) is { } name ? await UserOfAsync(log, users, name, cancellation) : null,
                        Kind = parsed.GetValue(kind),
                        Since = sinceText is null ? null : SinceOf(sinceText, services.GetRequiredService<TimeProvider>()),
                    };
                    var entries = await log.ListAsync(filter, most, cancellation);
                    Write(output, entries, new AuditNames(await users.NamesOfAsync(AuditNames.UsersIn(entries), cancellation)));
                },
                cancellation);
        });
    }

    private static void Write(CommandOutput output, IReadOnlyList<AuditEntry> entries, AuditNames names)
    {
        output.Table(
            ["TIME", "KIND", "ACTOR", "SUBJECT", "USER", "TIMES", "DETAIL"],
            [.. entries.Select(entry => new[]
            {
                entry.At.ToString("u", CultureInfo.InvariantCulture),
                entry.Kind,
                names.Of(entry.Actor),
                names.Of(entry.Subject),
                names.Of(entry.User) ?? "",
                entry.Times.ToString(CultureInfo.InvariantCulture),
                entry.Detail ?? "",
            })]);
        output.Value(new JsonArray([.. entries.Select(entry => new JsonObject
        {
            ["id"] = entry.Id,
            ["at"] = entry.At,
            ["kind"] = entry.Kind,
            ["actor"] = names.Of(entry.Actor),
            ["subject"] = names.Of(entry.Subject),
            ["user"] = names.Of(entry.User),
            ["detail"] = entry.Detail,
            ["times"] = entry.Times,
            ["lastAt"] = entry.LastAt,
        })]));
    }

    private static async Task<UserId> UserOfAsync(AuditLog log, UserAccounts users, string name, CancellationToken cancellation)
    {
        if (await users.FindAsync(name, cancellation) is { } known) return new UserId(known.Id);
        return await log.FindRemovedUserAsync(name, cancellation)
            ?? (UserId.TryParse(name, out var given) ? given : throw new CommandRefusedException($"There is no user \"{name}\", and the record knows of none."));
    }

    private static DateTimeOffset? SinceOf(string text, TimeProvider time)
    {
        if (SettingFormats.Lifetime(text) is { Refusal: null } ago) return time.GetUtcNow() - ago.Value;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
    }
}
