using System.CommandLine;
using System.Text.Json.Nodes;
using OcfCloud.Core.Devices;
using OcfCloud.Host.Files;
using OcfCloud.Host.Pki;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Commands;

/// <summary><c>pki init|issue-device</c>.</summary>
internal static class PkiCommands
{
    public static Command Describe(CommandScope scope) => CommandScope.Group("pki", "The private authorities of this installation.", Init(scope), IssueDevice(scope));

    private static Command Init(CommandScope scope)
    {
        var folder = new Option<string>("--out") { Description = "Where the files go.", Required = true, HelpName = "DIR" };
        var names = new Option<string[]>("--dns")
        {
            Description = "Names and addresses under which the cloud is reached, beside this machine's.",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "NAME",
        };
        return scope.Describe("init", "Makes authorities for cloud and devices, and the cloud's certificate.", [folder, names], async (parsed, output, cancellation) =>
        {
            var target = Path.GetFullPath(parsed.GetValue(folder)!);
            var dns = parsed.GetValue(names) ?? [];
            if (Array.Find(dns, name => Uri.CheckHostName(name) == UriHostNameType.Unknown) is { } bad)
            {
                throw new UsageException($"--dns: \"{bad}\" is no host name.");
            }

            AtomicFile.CreatePrivateFolder(target);
            using var turn = await FileLock.TakeAsync(Path.Combine(target, ".lock"), TimeProvider.System, cancellation);
            var made = new PkiFolder(target, TimeProvider.System).Ensure(scope.Source.Read(CloudSettings.CloudId), dns);
            output.Say(made.Count > 0 ? $"Made {string.Join(", ", made)}" : $"Everything is in {target} already; it stays as it is.");
            output.Value(new JsonObject { ["made"] = new JsonArray([.. made.Select(file => JsonValue.Create(file))]) });
        });
    }

    private static Command IssueDevice(CommandScope scope)
    {
        var device = new Option<string>("--di") { Description = "The device's UUID.", Required = true, HelpName = "UUID" };
        var folder = new Option<string>("--out") { Description = "Where the files go.", Required = true, HelpName = "DIR" };
        return scope.Describe("issue-device", "Certifies a device with the device authority of the data directory.", [device, folder], async (parsed, output, cancellation) =>
        {
            if (!DeviceId.TryParse(parsed.GetValue(device), out var id))
            {
                throw new UsageException($"--di: \"{parsed.GetValue(device)}\" is no UUID.");
            }

            var target = Path.GetFullPath(parsed.GetValue(folder)!);
            var data = new DataFolder(scope.Source.Read(CloudSettings.DataDirectory));
            var pki = scope.Source.IsDevelopment
                ? await CloudCertificates.EnsurePkiAsync(scope.Source, data, TimeProvider.System, cancellation)
                : new PkiFolder(data.Pki, TimeProvider.System);
            pki.IssueDevice(id.Value, target);
            output.Say($"Made device.pem, device.key and cloud-ca.pem in {target}");
            output.Value(new JsonObject { ["di"] = id.ToString(), ["out"] = target });
        });
    }
}
