using System.CommandLine;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.LoadGenerator.Connections;
using OcfCloud.LoadGenerator.Devices;
using OcfCloud.LoadGenerator.Measuring;

namespace OcfCloud.LoadGenerator.Commands;

/// <summary><c>relay</c>: the work of <c>routed</c> for a TLS-to-TLS relay, with the devices on its other side.</summary>
internal static class RelayCommand
{
    private const string Mode = "relay";

    /// <summary>Describes the command.</summary>
    public static Command Describe(SharedOptions shared)
    {
        var load = new LoadOptions();
        var listen = SharedOptions.AddressOption("--listen", "Where the relay finds the devices, by mutual TLS");
        listen.Required = true;
        var command = new Command(Mode, "GETs that clients send through a relay at --target to devices that this process answers for at --listen.") { listen };
        load.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(shared.Read(parsed), load.Read(parsed), parsed.GetValue(listen)!, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Surroundings surroundings, Load load, IPEndPoint listen, CancellationToken cancellationToken)
    {
        var server = surroundings.Process();
        if (surroundings.Target is null)
            throw new LoadException("--target is needed: where the relay is.");
        using var authority = new DeviceAuthority(surroundings.PkiFolder);
        using var relay = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(surroundings.PkiFolder, "cloud.pem"));
        await using var devices = new TlsServer(listen, authority.Issue(Guid.NewGuid()), relay);
        var connections = await surroundings.DialTargetAsync(load.Connections, cancellationToken);
        // A path as long as the cloud's.
        var asking = connections.ConvertAll(connection => (connection, $"/{Guid.NewGuid():D}/light"));
        return await surroundings.TellAsync(await LoadRun.MeasureAsync(Mode, connections, asking, load, server, cancellationToken));
    }
}
