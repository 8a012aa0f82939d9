using System.CommandLine;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Simulator.Certificates;
using OcfCloud.Simulator.Receiver;

namespace OcfCloud.Simulator.Commands;

/// <summary><c>receiver</c>: shows the events that a cloud sends to a peer.</summary>
internal static class ReceiverCommand
{
    private const string DefaultListen = "127.0.0.1:9443";
    private const int SecretLength = 32;

    /// <summary>Describes the command.</summary>
    public static Command Describe(CommandContext context)
    {
        var listen = new Option<string>("--listen") { Description = $"Where, port 0 = any [{DefaultListen}]", HelpName = "ADDRESS:PORT", DefaultValueFactory = _ => DefaultListen };
        var secret = new Option<string?>("--secret") { Description = "The subscription's signingSecret, 32 characters, to check signatures with", HelpName = "SECRET" };
        var status = new Option<int>("--status") { Description = "What notifications are answered with [200]", HelpName = "STATUS", DefaultValueFactory = _ => 200 };
        var command = new Command("receiver", "Receives the notifications of a subscription until Ctrl-C and prints a line for each.") { listen, secret, status };
        command.SetAction((parsed, cancellation) => RunAsync(
            context, context.Surroundings(parsed), parsed.GetValue(listen)!, parsed.GetValue(secret), parsed.GetValue(status), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, Surroundings surroundings, string listen, string? secret, int status, CancellationToken cancellationToken)
    {
        if (!IPEndPoint.TryParse(listen, out var endpoint) || !listen.EndsWith($":{endpoint.Port}", StringComparison.Ordinal))
            throw CommandFailedException.WrongUsage($"--listen: \"{listen}\" is no ADDRESS:PORT.");
        if (secret is not null && secret.Length != SecretLength)
            throw CommandFailedException.WrongUsage($"--secret: a signing secret has {SecretLength} characters.");
        if (status is < 200 or > 599)
            throw CommandFailedException.WrongUsage($"--status: {status} is not within 200 to 599.");

        var own = surroundings.OwnCertificate;
        using var certificate = own ?? Issue(surroundings, endpoint.Address);
        await using var receiver = new NotificationReceiver(endpoint, certificate, secret, status, context.Console.Output.WriteLine);
        var address = await receiver.StartAsync(cancellationToken);
        await context.Console.Output.WriteLineAsync($"receives at {address}");
        if (own is null)
        {
            await context.Console.Output.WriteLineAsync(
                $"a cloud delivers here with OcfCloud:Outbound:TrustAnchors:0={surroundings.Data.CloudAnchor} and OcfCloud:Outbound:AllowedNetworks:0={NetworkOf(endpoint.Address)}");
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, cancellationToken);
        return ExitCodes.Done;
    }

    private static X509Certificate2 Issue(Surroundings surroundings, IPAddress address)
    {
        var data = surroundings.Data;
        var authority = new DeviceAuthority(data.CloudAnchor, data.CloudAnchorKey, surroundings.Time);
        if (!authority.Exists)
            throw new CommandFailedException($"{data.CloudAnchor} and its key are not there to make a certificate with; start the cloud once, or name --data, or --cert and --key.");
        return authority.Issue(Guid.NewGuid(), ["localhost", IPAddress.Loopback.ToString(), IPAddress.IPv6Loopback.ToString(), Dns.GetHostName(), address.ToString()]);
    }

    private static string NetworkOf(IPAddress address) => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"{address}/128" : $"{address}/32";
}
