using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;
using OcfCloud.LoadGenerator.Connections;
using OcfCloud.LoadGenerator.Devices;
using OcfCloud.LoadGenerator.Measuring;

namespace OcfCloud.LoadGenerator.Commands;

/// <summary>Whom to measure, and where the result goes.</summary>
internal sealed record Surroundings(string Data, string? Token, IPEndPoint? Target, int? Pid, SslProtocols Tls, string? Row, string? Server)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Where the certificates are.</summary>
    public string PkiFolder => Path.Combine(Data, "pki");

    /// <summary>The cloud of the data directory.</summary>
    /// <exception cref="LoadException">None runs, or nobody says for which user.</exception>
    public Cloud Cloud() => Devices.Cloud.Of(Data, Token ?? throw new LoadException("--token is needed to register devices."));

    /// <summary>The process that is measured.</summary>
    /// <exception cref="LoadException">Nobody says which it is.</exception>
    public ServerProcess Process() => new(
        Pid ?? (Target is null ? Cloud().Pid : throw new LoadException("--server-pid is needed with --target.")));

    /// <summary>Connections to the peer, each with a certificate of its own, with the CSM sent.</summary>
    /// <exception cref="LoadException">The peer is not there.</exception>
    public async Task<List<PeerConnection>> DialTargetAsync(int count, CancellationToken cancellationToken)
    {
        using var authority = new DeviceAuthority(PkiFolder);
        using var shown = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(PkiFolder, "cloud.pem"));
        var connections = new List<PeerConnection>();
        for (var i = 0; i < count; i++)
        {
            var dialled = await new TlsPeer(authority.Issue(Guid.NewGuid()), shown, Tls, resumes: false).DialAsync(Target!, cancellationToken);
            await dialled.Stream.WriteAsync(PeerConnection.Csm(), cancellationToken);
            connections.Add(new PeerConnection(dialled.Stream));
        }

        return connections;
    }

    /// <summary>Says what came out.</summary>
    /// <returns>The exit code: what failed is no figure.</returns>
    public async Task<int> TellAsync(Measured measured)
    {
        var named = measured with { Row = Row, Server = Server };
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(named, Json));
        await Console.Error.WriteLineAsync(named.ToString());
        return named.Failed > 0 || (named.Requests == 0 && named.KiBPerDevice is null) ? ExitCodes.Failed : ExitCodes.Done;
    }
}
