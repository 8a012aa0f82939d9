using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OcfCloud.Core.Devices;
using OcfCloud.Identity.Users;
using OcfCloud.Onvif.Enrolment;

namespace OcfCloud.Host.Commands;

/// <summary><c>camera add|list|remove|share</c>.</summary>
internal static class CameraCommands
{
    public static Command Describe(CommandScope scope) => CommandScope.Group("camera", "The cameras of this cloud.", Add(scope), List(scope), Remove(scope), CameraShareCommand.Describe(scope));

    private static Command Add(CommandScope scope)
    {
        var user = new Option<string>("--user") { Description = "Whose camera.", Required = true, HelpName = "NAME" };
        var file = new Option<string>("--csr") { Description = "The PKCS#10 request that the camera's key made, PEM or DER.", Required = true, HelpName = "FILE" };
        return scope.Describe("add", "Enrols a camera, and prints what it needs to connect.", [user, file], (parsed, output, cancellation) =>
        {
            var request = Read(parsed.GetValue(file)!);
            return CommandStore.RunAsync(
                scope.Source,
                async services =>
                {
                    var owner = await OwnerAsync(services, parsed.GetValue(user)!, cancellation);
                    var enrolment = await services.GetRequiredService<CameraRegister>().EnrolAsync(owner, request, cancellation);
                    var camera = enrolment.Camera ?? throw new CommandRefusedException(enrolment.Refusal!);
                    output.Say($"id: {camera.Id}");
                    output.Say($"client id: {camera.ClientId}");
                    output.Say($"server: {camera.ServerUri}");
                    output.Say($"scope: {camera.Scope}");
                    foreach (var uplink in camera.Uplinks) output.Say($"uplink: {uplink}");
                    foreach (var anchor in camera.TrustAnchors) output.Say(anchor);
                    output.Value(JsonSerializer.SerializeToNode(camera)!);
                },
                cancellation);
        });
    }

    private static Command List(CommandScope scope)
    {
        var only = new Option<string>("--user") { Description = "Only this user's.", HelpName = "NAME" };
        return scope.Describe("list", "Lists the cameras.", [only], (parsed, output, cancellation) => CommandStore.RunAsync(
            scope.Source,
            async services =>
            {
                UserId? owner = parsed.GetValue(only) is { } name ? await OwnerAsync(services, name, cancellation) : null;
                var names = (await services.GetRequiredService<UserAccounts>().ListAsync(cancellation)).ToDictionary(user => new UserId(user.Id), user => user.UserName!);
                var cameras = await services.GetRequiredService<CameraRegister>().ListAsync(owner, cancellation);
                output.Table(
                    ["CAMERA", "USER", "MANUFACTURER", "MODEL", "SERIAL NUMBER", "FIRMWARE", "STATUS", "CONNECTED SINCE"],
                    [.. cameras.Select(camera => new[]
                    {
                        camera.Camera.Id.ToString(),
                        NameOf(camera, names),
                        camera.Camera.Manufacturer ?? "",
                        camera.Camera.Model ?? "",
                        camera.Camera.SerialNumber ?? "",
                        camera.Camera.FirmwareVersion ?? "",
                        camera.Status,
                        camera.Connection?.Since.ToString("u", CultureInfo.InvariantCulture) ?? "",
                    })]);
                output.Value(new JsonArray([.. cameras.Select(camera =>
                {
                    var written = JsonSerializer.SerializeToNode(CameraDocument.Of(camera))!.AsObject();
                    written.Insert(1, "user", NameOf(camera, names));
                    return written;
                })]));
            },
            cancellation));
    }

    private static Command Remove(CommandScope scope)
    {
        var camera = new Argument<string>("ID") { Description = "The camera's id." };
        return scope.Describe("remove", "Removes a camera from its user: its client is let in no more, its uplinks are closed.", [camera], (parsed, output, cancellation) =>
        {
            if (!Guid.TryParse(parsed.GetValue(camera), out var id)) throw new UsageException($"\"{parsed.GetValue(camera)}\" is no camera id.");
            return CommandStore.RunAsync(
                scope.Source,
                async services =>
                {
                    if (!await services.GetRequiredService<CameraRegister>().RemoveAsync(id, owner: null, cancellation)) throw new CommandRefusedException($"There is no camera {id}.");
                    output.Say($"Removed {id}.");
                    output.Value(new JsonObject { ["id"] = id.ToString() });
                },
                cancellation);
        });
    }

    private static async Task<UserId> OwnerAsync(IServiceProvider services, string name, CancellationToken cancellation) =>
        new((await services.GetRequiredService<UserAccounts>().FindAsync(name, cancellation) ?? throw new CommandRefusedException($"There is no user \"{name}\".")).Id);

    private static string NameOf(CameraSummary camera, Dictionary<UserId, string> names) => names.GetValueOrDefault(camera.Camera.UserId, camera.Camera.UserId.ToString());

    private static byte[] Read(string file)
    {
        if (!File.Exists(file)) throw new CommandRefusedException($"There is no file \"{file}\".");
        if (new FileInfo(file).Length > CertificationRequestFile.MaxLength) throw new CommandRefusedException($"\"{file}\" is too large for a certification request.");
        return CertificationRequestFile.Read(File.ReadAllBytes(file)) ?? throw new CommandRefusedException($"\"{file}\" holds no certification request (PEM or DER).");
    }
}
