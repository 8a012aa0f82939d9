using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Core.Certificates;

namespace OcfCloud.Core.Tests.Certificates;

/// <summary>TLS connections whose buffers are given back between records.</summary>
public sealed class TlsBuffersTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // Fails where a new runtime hides its TLS library otherwise: the memory of idle connections would double without anybody noticing.
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_connection_lets_its_buffers_go_and_loses_no_byte(SslProtocols version)
    {
        await using var pair = await Pair.OpenAsync(version);
        Assert.True(TlsBuffers.TryRelease(pair.Server));
        foreach (var size in new[] { 1, 16 * 1024, 100, 300_000, 2 })
        {
            var sent = RandomNumberGenerator.GetBytes(size);
            var back = new byte[size];
            var echo = Task.Run(async () => await EchoAsync(pair.Server, size), Cancelled);
            await pair.Client.WriteAsync(sent, Cancelled);
            await pair.Client.ReadExactlyAsync(back, Cancelled);
            await echo;
            Assert.Equal(sent, back);
        }
    }

    [Fact]
    public void What_has_not_shaken_hands_yet_has_no_buffers()
    {
        using var tls = new SslStream(new MemoryStream());
        Assert.False(TlsBuffers.TryRelease(tls));
    }

    private static async Task EchoAsync(SslStream server, int size)
    {
        var buffer = new byte[7_000];
        for (var left = size; left > 0;)
        {
            var count = await server.ReadAsync(buffer, Cancelled);
            Assert.NotEqual(0, count);
            await server.WriteAsync(buffer.AsMemory(0, count), Cancelled);
            left -= count;
        }
    }

    private sealed record Pair(SslStream Server, SslStream Client, X509Certificate2 Certificate) : IAsyncDisposable
    {
        public static async Task<Pair> OpenAsync(SslProtocols version)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=door", key, HashAlgorithmName.SHA256);
            var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var peer = new TcpClient();
            await peer.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Cancelled);
            var server = new SslStream((await listener.AcceptTcpClientAsync(Cancelled)).GetStream());
            var client = new SslStream(peer.GetStream(), false, (_, shown, _, _) => shown!.GetCertHashString() == certificate.Thumbprint);
            await Task.WhenAll(
                server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate, EnabledSslProtocols = version }, Cancelled),
                client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "door", EnabledSslProtocols = version }, Cancelled));
            return new Pair(server, client, certificate);
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await Server.DisposeAsync();
            Certificate.Dispose();
        }
    }
}
