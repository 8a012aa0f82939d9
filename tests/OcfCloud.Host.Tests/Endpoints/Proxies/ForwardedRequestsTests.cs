using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Host.Endpoints.Proxies;

namespace OcfCloud.Host.Tests.Endpoints.Proxies;

public sealed class ForwardedRequestsTests
{
    [Theory]
    [InlineData("10.0.0.5", "203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.5", "203.0.113.7:40000", "203.0.113.7")]
    [InlineData("10.0.0.5", "[2001:db8::7]:40000", "2001:db8::7")]
    // An endpoint on every address.
    [InlineData("::ffff:10.0.0.5", "203.0.113.7", "203.0.113.7")]
    // Two proxies, one before the other.
    [InlineData("10.0.0.5", "203.0.113.7, 10.0.0.6", "203.0.113.7")]
    // What the client wrote itself stands to the left of what a proxy added.
    [InlineData("10.0.0.5", "198.51.100.1, 203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.5", "10.0.0.7, 203.0.113.7", "203.0.113.7")]
    // No proxy.
    [InlineData("10.0.1.5", "203.0.113.7", "10.0.1.5")]
    [InlineData("127.0.0.1", "203.0.113.7", "127.0.0.1")]
    [InlineData("::1", "203.0.113.7", "::1")]
    [InlineData("10.0.0.5", "nobody", "10.0.0.5")]
    public async Task A_request_of_a_trusted_proxy_is_its_client_s_and_others_are_not_believed(string peer, string forwarded, string expected)
    {
        var (address, _) = await SeenAsync(["10.0.0.0/24"], peer, forwarded, "https");

        Assert.Equal(IPAddress.Parse(expected), address);
    }

    [Theory]
    [InlineData("10.0.0.5", "https", "https")]
    [InlineData("10.0.0.5", "http", "http")]
    [InlineData("127.0.0.1", "https", "http")]
    public async Task The_client_s_scheme_counts_and_its_host_does_not(string peer, string forwarded, string expected)
    {
        var (_, seen) = await SeenAsync(["10.0.0.0/24"], peer, "203.0.113.7", forwarded);

        Assert.Equal($"{expected}://cloud.example", seen);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("10.0.0.5")]
    public async Task Without_trusted_proxies_nobody_is_believed(string peer)
    {
        var (address, seen) = await SeenAsync([], peer, "203.0.113.7", "https");

        Assert.Equal(IPAddress.Parse(peer), address);
        Assert.Equal("http://cloud.example", seen);
    }

    private static async Task<(IPAddress? Address, string Seen)> SeenAsync(string[] proxies, string peer, string forwardedFor, string forwardedProto)
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var app = new ApplicationBuilder(services);
        app.UseForwardedRequests(new TrustedProxies([.. proxies.Select(IPNetwork.Parse)]));
        app.Run(_ => Task.CompletedTask);
        var context = new DefaultHttpContext { RequestServices = services };
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        context.Request.Scheme = "http";
        context.Request.Host = new HostString("cloud.example");
        context.Request.Headers["X-Forwarded-For"] = forwardedFor;
        context.Request.Headers["X-Forwarded-Proto"] = forwardedProto;
        context.Request.Headers["X-Forwarded-Host"] = "elsewhere.example";

        await app.Build()(context);

        return (context.Connection.RemoteIpAddress, $"{context.Request.Scheme}://{context.Request.Host}");
    }
}
