using System.Net;
using System.Net.Security;
using System.Text;

namespace OcfCloud.Host.Tests.Endpoints.Proxies;

/// <summary>The doors of a running host behind a proxy.</summary>
public sealed class TrustedProxyTests(ForwardingHost host) : IClassFixture<ForwardingHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Devices_behind_the_proxy_are_counted_at_their_own_addresses()
    {
        // Of IPv6 a network of /64 is one address.
        foreach (var (address, another) in new[] { ("203.0.113.7", "203.0.113.8"), ("[2001:db8::7]", "[2001:db8:0:1::7]") })
        {
            await using var first = await TryServeAsync(ProxiedHost.Proxy, HeaderBytes.Of($"{address}:1"));
            await using var second = await TryServeAsync(ProxiedHost.Proxy, HeaderBytes.Of($"{address}:2"));
            Assert.NotNull(first);
            Assert.NotNull(second);
            Assert.Null(await TryServeAsync(ProxiedHost.Proxy, HeaderBytes.Of($"{address}:3")));

            // The proxy has more than two by now.
            await using var neighbour = await TryServeAsync(ProxiedHost.Proxy, HeaderBytes.Of($"{another}:1"));
            Assert.NotNull(neighbour);
        }
    }

    [Fact]
    public async Task Whoever_is_not_the_proxy_connects_as_ever_and_is_refused_with_a_header()
    {
        await using var device = await TryServeAsync("127.0.0.21", []);

        Assert.NotNull(device);
        Assert.Null(await TryServeAsync("127.0.0.22", HeaderBytes.Of("203.0.113.30:1")));
    }

    [Theory]
    [InlineData("coaps")]
    [InlineData("mutualTls")]
    [InlineData("uplink")]
    public async Task The_proxy_itself_does_not_get_through_without_a_header_and_looks_after_the_cloud_with_LOCAL(string door)
    {
        Assert.Null(await host.TryConnectAsync(door, ProxiedHost.Proxy, [], host.PeerCertificate));

        await using var check = await host.TryConnectAsync(door, ProxiedHost.Proxy, HeaderBytes.Of(HeaderBytes.Local, 0));
        Assert.NotNull(check);
    }

    [Theory]
    [InlineData("mutualTls", "/.well-known/jwks.json", "200")]
    [InlineData("uplink", "/onvif/uplink", "426")]
    public async Task Peer_clouds_and_cameras_come_through_the_proxy_with_their_certificates(string door, string path, string status)
    {
        await using var tls = await host.TryConnectAsync(door, ProxiedHost.Proxy, HeaderBytes.Of("203.0.113.40:1"), host.PeerCertificate);
        Assert.NotNull(tls);

        Assert.StartsWith($"HTTP/1.1 {status} ", await GetAsync(tls, path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callers_that_the_proxy_names_have_limits_of_their_own_and_callers_that_name_themselves_have_not()
    {
        using var proxy = host.ClientAt(ProxiedHost.Proxy);
        Assert.Equal(HttpStatusCode.BadRequest, await AskForFirmwareAsync(proxy, "203.0.113.50"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskForFirmwareAsync(proxy, "203.0.113.50"));
        Assert.Equal(HttpStatusCode.BadRequest, await AskForFirmwareAsync(proxy, "203.0.113.51"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskForFirmwareAsync(proxy, "203.0.113.52, 203.0.113.51"));

        using var stranger = host.ClientAt("127.0.0.23");
        Assert.Equal(HttpStatusCode.BadRequest, await AskForFirmwareAsync(stranger, "203.0.113.60"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskForFirmwareAsync(stranger, "203.0.113.61"));
    }

    [Theory]
    [InlineData(ProxiedHost.Proxy, "http", "https", HttpStatusCode.Unauthorized)]
    [InlineData(ProxiedHost.Proxy, "http", "http", HttpStatusCode.PermanentRedirect)]
    [InlineData(ProxiedHost.Proxy, "https", "http", HttpStatusCode.PermanentRedirect)]
    [InlineData("127.0.0.24", "http", "https", HttpStatusCode.PermanentRedirect)]
    public async Task What_came_to_the_proxy_over_TLS_is_not_sent_to_https_again(string from, string door, string scheme, HttpStatusCode expected)
    {
        using var client = host.ClientAt(from, door);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/devices");
        request.Headers.Add("X-Forwarded-For", "203.0.113.70");
        request.Headers.Add("X-Forwarded-Proto", scheme);

        using var answer = await client.SendAsync(request, Cancellation);

        Assert.Equal(expected, answer.StatusCode);
    }

    // The cloud's first bytes are its CSM: they come to those alone who got through all that is asked before.
    private async Task<SslStream?> TryServeAsync(string from, byte[] before)
    {
        var tls = await host.TryConnectAsync("coaps", from, before);
        if (tls is null) return null;
        try
        {
            if (await tls.ReadAsync(new byte[1], Cancellation) == 1) return tls;
        }
        catch (IOException)
        {
            // Reset, which is an end too.
        }

        await tls.DisposeAsync();
        return null;
    }

    private static async Task<string?> GetAsync(SslStream tls, string path)
    {
        await tls.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"), Cancellation);
        using var reader = new StreamReader(tls, Encoding.ASCII, leaveOpen: true);
        return await reader.ReadLineAsync(Cancellation);
    }

    private static async Task<HttpStatusCode> AskForFirmwareAsync(HttpClient client, string forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/onvif/cloud/getAvailableFWImages") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Forwarded-For", forwardedFor);
        using var answer = await client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }
}
