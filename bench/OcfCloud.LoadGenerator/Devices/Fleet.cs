using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.LoadGenerator.Connections;

namespace OcfCloud.LoadGenerator.Devices;

/// <summary>Makes devices of one user: certificate, one-time token, sign-up, sign-in, and publish where they have links.</summary>
internal sealed class Fleet(Cloud cloud, SslProtocols protocol, bool resumes) : IDisposable
{
    // What SQLite and two processors can take at once; more would wait at the cloud.
    private const int AtOnce = 16;

    private readonly DeviceAuthority _authority = new(cloud.PkiFolder);
    private readonly OneTimeTokens _tokens = new(cloud.Https, cloud.Anchor, cloud.Bearer);
    private readonly X509Certificate2 _server = X509CertificateLoader.LoadCertificateFromFile(cloud.Certificate);

    /// <summary>The cloud's device door.</summary>
    public IPEndPoint Door => cloud.Coaps;

    /// <summary>What the server sends in a full handshake, in bytes; known when a device has joined.</summary>
    public long FullHandshakeBytes { get; private set; }

    /// <summary>So many devices, online.</summary>
    /// <param name="count">How many.</param>
    /// <param name="links">That each publishes; 0: none.</param>
    /// <param name="bufferSize">Of each connection, in bytes.</param>
    /// <param name="joined">Told of each at once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LoadException">The cloud refused one.</exception>
    public async Task<List<OnlineDevice>> JoinAsync(
        int count, int links, int bufferSize, Action<OnlineDevice> joined, CancellationToken cancellationToken)
    {
        var all = new OnlineDevice[count];
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, cancellation) => joined(all[i] = await JoinOneAsync(links, bufferSize, cancellation)));
        return [.. all];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _authority.Dispose();
        _tokens.Dispose();
        _server.Dispose();
    }

    private async Task<OnlineDevice> JoinOneAsync(int links, int bufferSize, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid();
        var peer = new TlsPeer(_authority.Issue(id), _server, protocol, resumes);
        var oneTimeToken = await _tokens.GetAsync(id, cancellationToken);
        var dialled = await peer.DialAsync(cloud.Coaps, cancellationToken);
        FullHandshakeBytes = dialled.HandshakeBytes;
        var connection = new PeerConnection(dialled.Stream, bufferSize);
        var device = await Device.SignUpAsync(id, peer, connection, oneTimeToken, cancellationToken);
        await device.SignInAsync(connection, isFirst: false, cancellationToken);
        if (links > 0)
            await device.PublishAsync(connection, links, lifetime: 0, cancellationToken);
        return new OnlineDevice(device, connection);
    }
}
