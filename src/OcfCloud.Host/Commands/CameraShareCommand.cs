using System.CommandLine;
using System.Text.Json.Nodes;
using OcfCloud.Host.Settings;
using OcfCloud.Onvif.ShareTokens;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Host.Commands;

/// <summary><c>camera share</c>.</summary>
internal static class CameraShareCommand
{
    public static Command Describe(CommandScope scope)
    {
        var camera = new Argument<string>("ID") { Description = "The camera's id." };
        var mode = new Option<string>("--mode") { Description = "share: both clouds have the camera. transfer: it leaves this one.", DefaultValueFactory = _ => "share", HelpName = "share|transfer" };
        var level = new Option<string>("--level")
        {
            Description = "The most that the other cloud may get.",
            DefaultValueFactory = _ => nameof(UserLevel.Administrator),
            HelpName = "Administrator|Operator|User",
        };
        var lifetime = new Option<string>("--lifetime") { Description = "How long (hh:mm:ss), at most a day.", HelpName = "DURATION" };
        var recipient = new Option<string>("--recipient") { Description = "The only host, with its subdomains, that may ask for the camera.", HelpName = "HOST" };
        return scope.Describe("share", "Issues a share token of a camera.", [camera, mode, level, lifetime, recipient], (parsed, output, cancellation) =>
        {
            if (!Guid.TryParseExact(parsed.GetValue(camera), "D", out var id)) throw new UsageException($"\"{parsed.GetValue(camera)}\" is no camera id.");
            var order = new ShareTokenOrder
            {
                Mode = SharingText.ModeOf(parsed.GetValue(mode)) ?? throw new UsageException("--mode: share or transfer."),
                UserLevel = SharingText.LevelOf(parsed.GetValue(level)) ?? throw new UsageException("--level: Administrator, Operator or User."),
                Lifetime = LifetimeOf(parsed.GetValue(lifetime)),
                Recipient = parsed.GetValue(recipient),
            };
            return CommandStore.RunAsync(
                scope.Source,
                async services =>
                {
                    var outcome = await services.GetRequiredService<ShareTokenDesk>().IssueAsync(owner: null, id, order, cancellation);
                    if (outcome.Token is not { } token) throw new CommandRefusedException(outcome.Explanation!);
                    output.Say(token.Text);
                    output.Value(JsonValue.Create(token.Text));
                },
                cancellation);
        });
    }

    private static TimeSpan? LifetimeOf(string? text)
    {
        if (text is null) return null;
        var parsed = SettingFormats.DurationUpTo(ShareToken.MaxLifetime)(text);
        return parsed.Refusal is null ? parsed.Value : throw new UsageException($"--lifetime: \"{text}\" {parsed.Refusal}");
    }
}
