using System.CommandLine;
using System.Text.Json.Nodes;
using OcfCloud.Core.Devices;
using OcfCloud.Host.Settings;
using OcfCloud.Identity.Tokens;
using OcfCloud.Identity.Users;

namespace OcfCloud.Host.Commands;

/// <summary><c>token create</c>.</summary>
internal static class TokenCommands
{
    private const string Client = "ocfcloud-command";
    private const string DefaultScope = "r:* w:* mediator cameras";

    public static Command Describe(CommandScope scope) => CommandScope.Group("token", "Bearer tokens of users.", Create(scope));

    private static Command Create(CommandScope scope)
    {
        var user = new Option<string>("--user") { Description = "Whose token.", Required = true, HelpName = "NAME" };
        var scopes = new Option<string>("--scope") { Description = "What it is good for.", DefaultValueFactory = _ => DefaultScope, HelpName = "SCOPES" };
        var lifetime = new Option<string>("--lifetime") { Description = "How long (hh:mm:ss or d.hh:mm:ss).", HelpName = "DURATION" };
        return scope.Describe("create", "Issues a bearer token for the APIs.", [user, scopes, lifetime], (parsed, output, cancellation) =>
        {
            if (!ScopeSet.TryParse(parsed.GetValue(scopes), out var asked))
            {
                throw new UsageException("--scope: scopes are separated by single spaces.");
            }

            var lives = LifetimeOf(parsed.GetValue(lifetime), scope.Source);
            return CommandStore.RunAsync(
                scope.Source,
                async services =>
                {
                    var name = parsed.GetValue(user)!;
                    var owner = await services.GetRequiredService<UserAccounts>().FindAsync(name, cancellation)
                        ?? throw new CommandRefusedException($"There is no user \"{name}\".");
                    var token = await services.GetRequiredService<AccessTokens>().IssueAsync(new UserId(owner.Id), owner.UserName!, Client, asked, lives, cancellation);
                    output.Say(token.Text);
                    output.Value(JsonValue.Create(token.Text));
                },
                cancellation);
        });
    }

    private static TimeSpan? LifetimeOf(string? text, SettingsSource source)
    {
        if (text is null)
        {
            return null;
        }

        var parsed = SettingFormats.Lifetime(text);
        if (parsed.Refusal is not null)
        {
            throw new UsageException($"--lifetime: \"{text}\" {parsed.Refusal}");
        }

        var most = source.Read(CloudSettings.SigningKeyLifetime);
        return parsed.Value <= most
            ? parsed.Value
            : throw new CommandRefusedException($"A token lives no longer than the key that signs it, {most:c} ({CloudSettings.SigningKeyLifetime.Key}).");
    }
}
