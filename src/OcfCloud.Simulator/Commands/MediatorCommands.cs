using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using OcfCloud.Simulator.Certificates;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Mediators;

namespace OcfCloud.Simulator.Commands;

/// <summary><c>mediator register|provision|status</c>: the user's way of bringing devices into the cloud.</summary>
internal static class MediatorCommands
{
    private const string LastSeen = "lastSeen";
    private static readonly string[] Columns = ["name", "di", "status", LastSeen, "links"];
    private static readonly TimeSpan DialLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RegistrationLimit = TimeSpan.FromMinutes(2);

    // What has to remain of the mediator's access token.
    private static readonly TimeSpan RefreshMargin = TimeSpan.FromSeconds(30);

    /// <summary>Describes the commands.</summary>
    public static Command Describe(CommandContext context)
    {
        var register = new Command("register", "Registers the mediator for the user of the token.");
        register.SetAction((parsed, cancellation) => RegisterAsync(context, context.Surroundings(parsed), cancellation));

        var device = new Option<string>("--device") { Description = "The device's local endpoint", HelpName = "ADDRESS:PORT", Required = true };
        var provision = new Command("provision", "Gets a one-time token for a device and tells it which cloud to register with.") { device };
        provision.SetAction((parsed, cancellation) => ProvisionAsync(context, context.Surroundings(parsed), parsed.GetValue(device)!, cancellation));

        var status = new Command("status", "Shows the mediator and the user's devices.");
        status.SetAction((parsed, cancellation) => StatusAsync(context, context.Surroundings(parsed), cancellation));
        return new Command("mediator", "Brings devices into the cloud.") { register, provision, status };
    }

    private static async Task<int> RegisterAsync(CommandContext context, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var file = new MediatorFile(surroundings.Data);
        using var api = surroundings.MediatorApi();
        var registration = await api.RegisterAsync(await surroundings.UserTokenAsync(cancellationToken), cancellationToken);
        var record = Registered(Identify(file, surroundings), registration, context.Time) with { Url = surroundings.Url().ToString() };
        file.Keep(record);
        await context.Console.Output.WriteLineAsync($"mediator {record.Id:D} registered at {record.Url} for the user {record.UserId}");
        return ExitCodes.Done;
    }

    private static async Task<int> ProvisionAsync(CommandContext context, Surroundings surroundings, string address, CancellationToken cancellationToken)
    {
        if (!CoapsAddress.TryParseLoose(address, out var where))
            throw CommandFailedException.WrongUsage($"--device: \"{address}\" is no ADDRESS:PORT.");
        var file = new MediatorFile(surroundings.Data);
        var mediator = Identify(file, surroundings);
        using var certificate = surroundings.OwnCertificate ?? new IdentityCertificates(surroundings.Data, context.Time).Get(MediatorFile.Name, mediator.Id);
        var dialer = new TlsDialer(certificate, surroundings.DeviceAnchors, DialLimit, context.Time);

        await using var device = await DeviceConnection.OpenAsync(where, dialer, context.Time, cancellationToken);
        var provisioning = new Provisioning(device, context.Console.Output.WriteLine);
        var deviceId = await provisioning.IdentifyAsync(cancellationToken);
        using var api = surroundings.MediatorApi();
        var token = await api.GetDeviceTokenAsync(await TokenAsync(context, surroundings, file, mediator, api, cancellationToken), deviceId, cancellationToken);
        if (surroundings.NamedCloud is { } cloud)
            token = token with { Cis = cloud.ToString() };

        using var limit = new CancellationTokenSource(RegistrationLimit, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await provisioning.ProvisionAsync(token, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProvisioningException($"the device was not registered within {RegistrationLimit.TotalMinutes} minutes");
        }

        return ExitCodes.Done;
    }

    private static async Task<int> StatusAsync(CommandContext context, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var file = new MediatorFile(surroundings.Data);
        var mediator = Identify(file, surroundings);
        await context.Console.Output.WriteLineAsync(mediator.AccessToken is null
            ? $"mediator {mediator.Id:D}, not registered"
            : $"mediator {mediator.Id:D}, registered at {mediator.Url} for the user {mediator.UserId}");
        using var api = surroundings.MediatorApi();
        var devices = await api.GetDevicesAsync(await TokenAsync(context, surroundings, file, mediator, api, cancellationToken), cancellationToken);
        context.Console.WriteTable(
            ["name", "device", "status", "last seen", "links"],
            devices.Select(device => Columns.Select(column => Cell(device, column)).ToArray()));
        return ExitCodes.Done;
    }

    private static string Cell(JsonNode? device, string column) => device?[column] switch
    {
        null => "",
        var value when column == LastSeen && DateTimeOffset.TryParse(value.ToString(), CultureInfo.InvariantCulture, out var seen) => seen.ToString("u"),
        var value => value.ToString(),
    };

    // A mediator with a certificate of its own is who that says.
    private static MediatorRecord Identify(MediatorFile file, Surroundings surroundings)
    {
        var record = file.Get();
        using var own = surroundings.OwnCertificate;
        if (own is null)
            return record;
        if (!CertificateIdentity.TryRead(own, out var id))
            throw new CommandFailedException("--cert carries no UUID (CN uuid:<UUID>).");
        if (id == record.Id)
            return record;
        record = new MediatorRecord { Id = id };
        file.Keep(record);
        return record;
    }

    // The registration's token where there is one that the cloud still takes, else the user's.
    private static async Task<string> TokenAsync(
        CommandContext context, Surroundings surroundings, MediatorFile file, MediatorRecord mediator, MediatorApi api, CancellationToken cancellationToken)
    {
        if (mediator.AccessToken is null || mediator.Url != surroundings.Url().ToString())
            return await surroundings.UserTokenAsync(cancellationToken);
        if (mediator.ExpiresAt is not { } end || end > context.Time.GetUtcNow() + RefreshMargin)
            return mediator.AccessToken;
        try
        {
            var next = Registered(mediator, await api.RefreshAsync(mediator.RefreshToken!, cancellationToken), context.Time);
            file.Keep(next);
            return next.AccessToken!;
        }
        catch (MediatorApiException e) when (e.Status == HttpStatusCode.Unauthorized)
        {
            file.Keep(new MediatorRecord { Id = mediator.Id });
            return await surroundings.UserTokenAsync(cancellationToken);
        }
    }

    private static MediatorRecord Registered(MediatorRecord record, MediatorRegistration registration, TimeProvider time) => record with
    {
        UserId = registration.Uid ?? record.UserId,
        AccessToken = registration.AccessToken,
        RefreshToken = registration.RefreshToken,
        ExpiresAt = registration.ExpiresIn < 0 ? null : time.GetUtcNow() + TimeSpan.FromSeconds(registration.ExpiresIn),
    };
}
