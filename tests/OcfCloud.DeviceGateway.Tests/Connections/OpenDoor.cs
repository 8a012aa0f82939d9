using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.Core;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Tls;
using OcfCloud.Identity;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Storage.Sqlite;
using OcfCloud.Testing;

namespace OcfCloud.DeviceGateway.Tests.Connections;

/// <summary>The door itself: real sockets, real TLS, a clock that the test moves.</summary>
internal sealed class OpenDoor : IAsyncDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("ocfcloud-test-").FullName;
    private readonly WebApplication _app;

    private OpenDoor(Action<DeviceGatewayOptions> configure)
    {
        WriteCertificate(out var certificate, out var key);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var services = builder.Services;
        services.AddSingleton<TimeProvider>(Time);
        services.AddMetrics();
        services.AddCloudCore();
        services.AddSqliteStore(_folder);
        services.AddCloudIdentity(tokens => tokens.Issuer = "https://cloud.test", new KeyRingOptions { Folder = _folder });
        services.AddQuickPasswords();
        var own = services.Where(service => service.ServiceType == typeof(IHostedService)).ToList();
        services.AddDeviceTls(tls => (tls.CertificatePath, tls.KeyPath, tls.TrustAnchors, tls.AllowWithoutCertificate) = (certificate, key, [certificate], true));
        services.AddDeviceGateway(configure);
        foreach (var service in own) services.Remove(service);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenForDevices(Listen()));
        _app = builder.Build();
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    /// <summary>How many connections are open.</summary>
    public int Open => _app.Services.GetRequiredService<LiveConnections>().Count;

    /// <summary>What is exported from now on.</summary>
    public ExportedFigures Figures => new(_app.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<OpenDoor> OpenAsync(Action<DeviceGatewayOptions> configure)
    {
        var door = new OpenDoor(configure);
        await door._app.Services.MigrateStoreAsync(Cancelled);
        await door._app.StartAsync(Cancelled);
        return door;
    }

    /// <summary>A peer's end of a connection, after its handshake.</summary>
    /// <param name="receiveBuffer">Bytes that the peer's system keeps for it; null: as it likes.</param>
    public async Task<SslStream> ConnectAsync(int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (receiveBuffer is { } bytes) socket.ReceiveBufferSize = bytes;
        var address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        await socket.ConnectAsync(IPAddress.Loopback, address.Port, Cancelled);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null }, Cancelled);
        return tls;
    }

    /// <summary>Waits until so many connections are open: in TLS 1.3 a peer is through its handshake before the door is.</summary>
    public Task UntilOpenAsync(int count) => UntilAsync(() => Open == count, TimeSpan.Zero);

    /// <summary>Lets seconds pass, one by one and as many as it takes, until something is so.</summary>
    public Task PassUntilAsync(Func<bool> isSo) => UntilAsync(isSo, TimeSpan.FromSeconds(1));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    private static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }

    private async Task UntilAsync(Func<bool> isSo, TimeSpan passing)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (!isSo())
        {
            limit.Token.ThrowIfCancellationRequested();
            Time.Advance(passing);
            await Task.Yield();
        }
    }

    private void WriteCertificate(out string certificate, out string key)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=uuid:{Guid.NewGuid()}", pair, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        using var self = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        (certificate, key) = (Path.Combine(_folder, "cloud.pem"), Path.Combine(_folder, "cloud.key"));
        File.WriteAllText(certificate, self.ExportCertificatePem());
        File.WriteAllText(key, pair.ExportPkcs8PrivateKeyPem());
    }
}
