using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Refusals;
using OcfCloud.Identity.Users;

namespace OcfCloud.Host.Commands;

/// <summary><c>device list|remove</c>.</summary>
internal static class DeviceCommands
{
    public static Command Describe(CommandScope scope) => CommandScope.Group("device", "The devices of this cloud.", List(scope), Remove(scope));

    private static Command List(CommandScope scope)
    {
        var only = new Option<string>("--user") { Description = "Only this user's.", HelpName = "NAME" };
        var refused = new Option<bool>("--refused") { Description = "Instead, devices that are not registered and were refused, the latest first." };
        return scope.Describe("list", "Lists the devices.", [only, refused], (parsed, output, cancellation) => parsed.GetValue(refused)
            ? ListRefusedAsync(scope, parsed.GetValue(only), output, cancellation)
            : CommandStore.RunAsync(
            scope.Source,
            async services =>
            {
                var names = (await services.GetRequiredService<UserAccounts>().ListAsync(cancellation)).ToDictionary(user => new UserId(user.Id), user => user.UserName!);
                var devices = await services.GetRequiredService<DeviceAccounts>().ListAsync(IdOf(parsed.GetValue(only), names), cancellation);
                output.Table(
                    ["DEVICE", "USER", "NAME", "STATUS", "LAST SEEN", "LINKS", "LAST REFUSAL"],
                    [.. devices.Select(device => new[]
                    {
                        device.DeviceId.ToString(),
                        names.GetValueOrDefault(device.UserId, device.UserId.ToString()),
                        device.Name ?? "",
                        StatusOf(device),
                        device.LastSeen?.ToString("u", CultureInfo.InvariantCulture) ?? "never",
                        device.Links.ToString(CultureInfo.InvariantCulture),
                        Words(device.LastRefusal),
                    })]);
                output.Value(new JsonArray([.. devices.Select(device => new JsonObject
                {
                    ["di"] = device.DeviceId.ToString(),
                    ["user"] = names.GetValueOrDefault(device.UserId, device.UserId.ToString()),
                    ["name"] = device.Name,
                    ["status"] = StatusOf(device),
                    ["lastSeen"] = device.LastSeen,
                    ["links"] = device.Links,
                    ["lastRefusal"] = Written(device.LastRefusal),
                })]));
            },
            cancellation));
    }

    private static Task ListRefusedAsync(CommandScope scope, string? user, CommandOutput output, CancellationToken cancellation)
    {
        if (user is not null)
        {
            throw new UsageException("--refused: these devices have no user.");
        }

        return CommandStore.RunAsync(
            scope.Source,
            async services =>
            {
                var devices = await services.GetRequiredService<DeviceRefusals>().ListUnregisteredAsync(int.MaxValue, 0, cancellation);
                output.Table(["DEVICE", "LAST REFUSAL", "WHY"], [.. devices.Select(device => new[] { device.DeviceId.ToString(), Words(device.LastRefusal), device.LastRefusal.Text })]);
                output.Value(new JsonArray([.. devices.Select(device => new JsonObject
                {
                    ["di"] = device.DeviceId.ToString(),
                    ["lastRefusal"] = Written(device.LastRefusal),
                })]));
            },
            cancellation);
    }

    private static Command Remove(CommandScope scope)
    {
        var device = new Argument<string>("DI") { Description = "The device's UUID." };
        return scope.Describe("remove", "Removes a device from its user: its tokens die, its connection is closed.", [device], (parsed, output, cancellation) =>
        {
            if (!DeviceId.TryParse(parsed.GetValue(device), out var id))
            {
                throw new UsageException($"\"{parsed.GetValue(device)}\" is no device id.");
            }

            return CommandStore.RunAsync(
                scope.Source,
                async services =>
                {
                    if (!await services.GetRequiredService<DeviceAccounts>().RemoveAsync(id, owner: null, cancellation))
                    {
                        throw new CommandRefusedException($"There is no device {id}.");
                    }

                    output.Say($"Removed {id}.");
                    output.Value(new JsonObject { ["di"] = id.ToString() });
                },
                cancellation);
        });
    }

    private static UserId? IdOf(string? name, Dictionary<UserId, string> names)
    {
        if (name is null)
        {
            return null;
        }

        var found = names.Where(entry => entry.Value == name).Select(entry => (UserId?)entry.Key).FirstOrDefault();
        return found ?? throw new CommandRefusedException($"There is no user \"{name}\".");
    }

    private static string Words(DeviceRefusal? refusal) => refusal is null
        ? ""
        : string.Join(' ', new[] { refusal.At.ToString("u", CultureInfo.InvariantCulture), refusal.What, refusal.Code, refusal.Reason }.Where(word => word is not null));

    private static JsonObject? Written(DeviceRefusal? refusal) => refusal is null
        ? null
        : new JsonObject
        {
            ["at"] = refusal.At,
            ["what"] = refusal.What,
            ["code"] = refusal.Code,
            ["reason"] = refusal.Reason,
            ["text"] = refusal.Text,
        };

    private static string StatusOf(DeviceSummary device) => device.Online ? "online" : "offline";
}
