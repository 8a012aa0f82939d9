using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Host.Tests.Composition;

namespace OcfCloud.Host.Tests.Endpoints.Proxies;

/// <summary>A host behind a proxy at 127.0.0.7, and peers of all its doors at addresses of their own.</summary>
public abstract class ProxiedHost(params string[] more) : IAsyncLifetime
{
    /// <summary>Where the proxy connects from.</summary>
    public const string Proxy = "127.0.0.7";

    private readonly Installation _installation = new();
    private readonly PeerAuthority _authority = new("Peers");
    private RunningHost? _host;

    /// <summary>A certificate that opens the door of peer clouds.</summary>
    public X509Certificate2 PeerCertificate { get; private set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        PeerCertificate = _authority.Issue();
        await File.WriteAllTextAsync(_installation["peers.pem"], _authority.Pem, Cancellation);
        _host = await RunningHost.StartAsync(
            _installation,
            [
                $"--OcfCloud:Endpoints:TrustedProxies:0={Proxy}/32",
                "--OcfCloud:Endpoints:MutualTls=127.0.0.1:0",
                $"--OcfCloud:PeerClouds:TrustAnchors:0={_installation["peers.pem"]}",
                "--OcfCloud:Devices:AllowWithoutCertificate=true",
                "--OcfCloud:Devices:MaxConnectionsPerAddress=2",
                "--OcfCloud:Onvif:MaxFirmwareQueriesPerMinute=1",
                .. more,
            ]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        PeerCertificate.Dispose();
        _authority.Dispose();
        _installation.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Where a door is: <c>https</c>, <c>http</c>, <c>coaps</c>, <c>uplink</c> or <c>mutualTls</c>.</summary>
    internal Uri AddressOf(string door) => new(_host!.File.GetProperty(door).GetString()!.Replace("coaps+tcp", "https", StringComparison.Ordinal));

    /// <summary>TLS at a door, from an address, with bytes before it; null where the door closes the connection.</summary>
    internal async Task<SslStream?> TryConnectAsync(string door, string from, byte[] before, X509Certificate2? certificate = null)
    {
        var tls = new SslStream(await OpenAsync(AddressOf(door), from, before));
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "localhost",
                    ClientCertificates = certificate is null ? null : [certificate],
                    RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
                },
                Cancellation);
            return tls;
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            await tls.DisposeAsync();
            return null;
        }
    }

    /// <summary>A client of a door at an address, with bytes before its TLS.</summary>
    internal HttpClient ClientAt(string from, string door = "https", byte[]? before = null) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectCallback = async (_, _) => await OpenAsync(AddressOf(door), from, before ?? []),
        SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null },
    })
    {
        BaseAddress = AddressOf(door),
    };

    private static async Task<NetworkStream> OpenAsync(Uri door, string from, byte[] before)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPEndPoint.Parse(door.Authority), Cancellation);
        await socket.SendAsync(before, Cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
