using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using OcfCloud.Onvif.Firmware;

namespace OcfCloud.Host.Commands;

/// <summary><c>firmware add|list|remove</c>.</summary>
internal static class FirmwareCommands
{
    public static Command Describe(CommandScope scope) => CommandScope.Group(
        "firmware", "Versions of firmware that cameras can be told to upgrade to.", Add(scope), List(scope), Remove(scope));

    private static Command Add(CommandScope scope)
    {
        var (model, version) = (Model(), Version());
        return scope.Describe("add", "Adds a version of a model.", [model, version], (parsed, output, cancellation) => CommandStore.RunAsync(
            scope.Source,
            async services =>
            {
                var (of, added) = (parsed.GetValue(model)!, parsed.GetValue(version)!);
                if (await services.GetRequiredService<FirmwareImages>().AddAsync(of, added, cancellation) is { } refusal) throw new CommandRefusedException(refusal);
                output.Say($"Added {added} of {of}.");
                output.Value(Written(of, added));
            },
            cancellation));
    }

    private static Command List(CommandScope scope) => scope.Describe("list", "Lists the versions.", [], (_, output, cancellation) => CommandStore.RunAsync(
        scope.Source,
        async services =>
        {
            var images = await services.GetRequiredService<FirmwareImages>().ListAsync(cancellation);
            output.Table(["MODEL", "VERSION", "ADDED"], [.. images.Select(image => new[] { image.Model, image.Version, image.AddedAt.ToString("u", CultureInfo.InvariantCulture) })]);
            output.Value(new JsonArray([.. images.Select(image => Written(image.Model, image.Version))]));
        },
        cancellation));

    private static Command Remove(CommandScope scope)
    {
        var (model, version) = (Model(), Version());
        return scope.Describe("remove", "Removes a version of a model.", [model, version], (parsed, output, cancellation) => CommandStore.RunAsync(
            scope.Source,
            async services =>
            {
                var (of, removed) = (parsed.GetValue(model)!, parsed.GetValue(version)!);
                if (!await services.GetRequiredService<FirmwareImages>().RemoveAsync(of, removed, cancellation)) throw new CommandRefusedException($"There is no firmware {removed} of {of}.");
                output.Say($"Removed {removed} of {of}.");
                output.Value(Written(of, removed));
            },
            cancellation));
    }

    private static Option<string> Model() => new("--model") { Description = "The model, as cameras say it (GetDeviceInformation).", Required = true, HelpName = "MODEL" };

    private static Option<string> Version() => new("--version") { Description = "The version, as cameras take it (UpgradeFirmware).", Required = true, HelpName = "VERSION" };

    private static JsonObject Written(string model, string version) => new() { ["model"] = model, ["version"] = version };
}
