using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using OcfCloud.Host.Composition;
using OcfCloud.Host.Tests.Composition;
using OcfCloud.Host.Tests.Settings;

namespace OcfCloud.Host.Tests.Endpoints;

/// <summary>The door of cameras, by real connections to a running host.</summary>
public sealed class UplinkDoorTests : IDisposable
{
    private readonly Installation _installation = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _installation.Dispose();

    [Fact]
    public async Task It_serves_uplinks_and_tokens_alone_and_only_it_serves_uplinks()
    {
        await using var host = await RunningHost.StartAsync(_installation);
        var address = host.File.GetProperty("uplink").GetString()!;
        Assert.Contains($"uplink {address}", host.Printed);
        using var cameras = ClientOf(address);

        Assert.Equal(HttpStatusCode.UpgradeRequired, await StatusAsync(cameras, HttpMethod.Get, "/onvif/uplink"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(cameras, HttpMethod.Post, "/oauth/token"));
        foreach (var path in new[] { "/", "/health/live", "/api/v1/devices", "/oauth/authorize", "/.well-known/openid-configuration", "/onvif/cloud/startDeviceSharing", "/onvif/uplink/x" })
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(cameras, HttpMethod.Get, path));
        foreach (var path in new[] { "/onvif/uplink", "/onvif/uplink/", "/ONVIF/Uplink/" })
        {
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(host.Https, HttpMethod.Get, path));
            Assert.Equal(HttpStatusCode.UpgradeRequired, await StatusAsync(cameras, HttpMethod.Get, path));
        }

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(host.Http, HttpMethod.Get, "/onvif/uplink?access_token=x"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(host.Http, HttpMethod.Post, "/onvif/cloud/startDeviceSharing"));
    }

    [Fact]
    public async Task It_negotiates_HTTP_1_1_alone_and_takes_any_certificate()
    {
        await using var host = await RunningHost.StartAsync(_installation);
        var address = new Uri(host.File.GetProperty("uplink").GetString()!);
        using var authority = new PeerAuthority("Nobody");
        using var certificate = authority.Issue();

        Assert.Equal(SslApplicationProtocol.Http11, await NegotiateAsync(address, [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11], certificate));
        await Assert.ThrowsAnyAsync<Exception>(() => NegotiateAsync(address, [SslApplicationProtocol.Http2], null));
    }

    [Fact]
    public async Task It_is_off_where_that_is_set()
    {
        await using var host = await RunningHost.StartAsync(_installation, "--OcfCloud:Endpoints:Uplink=off");

        Assert.Null(host.File.GetProperty("uplink").GetString());
        var metadata = await host.Https.GetStringAsync(new Uri("/.well-known/openid-configuration", UriKind.Relative), Cancellation);
        Assert.Contains("token_endpoint", metadata, StringComparison.Ordinal);
        Assert.DoesNotContain("mtls_endpoint_aliases", metadata, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Printed, line => line.StartsWith("uplink", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, 4711, "https://cloud.example:4711/")]
    [InlineData(null, null, null)]
    [InlineData("https://cameras.example", null, "https://cameras.example/")]
    [InlineData("https://cameras.example", 4711, "https://cameras.example/")]
    public void Cameras_are_told_the_public_host_and_the_port_unless_the_operator_says_where(string? given, int? port, string? expected)
    {
        var source = given is null ? Sources.Development() : Sources.Development(("OcfCloud:Onvif:PublicUplink", given));

        Assert.Equal(expected, PublicUplink.Of(source, new Uri("https://cloud.example:8443"), port)?.AbsoluteUri);
    }

    private static HttpClient ClientOf(string address) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, SslOptions = { RemoteCertificateValidationCallback = (_, presented, _, _) => presented is not null } }) { BaseAddress = new Uri(address) };

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }

    private static async Task<SslApplicationProtocol> NegotiateAsync(
        Uri address, List<SslApplicationProtocol> offered, System.Security.Cryptography.X509Certificates.X509Certificate2? certificate)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(address.Host, address.Port, Cancellation);
        await using var tls = new SslStream(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                ApplicationProtocols = offered,
                RemoteCertificateValidationCallback = (_, presented, _, _) => presented is not null,
                ClientCertificates = certificate is null ? null : [certificate],
            },
            Cancellation);

        // With TLS 1.3 a refusal of the certificate comes after the handshake.
        await tls.WriteAsync("GET /onvif/uplink HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), Cancellation);
        Assert.Equal(1, await tls.ReadAsync(new byte[1], Cancellation));
        return tls.NegotiatedApplicationProtocol;
    }
}
