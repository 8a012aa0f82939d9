using System.Net;
using System.Text;

namespace OcfCloud.Host.Tests.Endpoints.Proxies;

/// <summary>https by the PROXY protocol and uplinks by forwarded headers, where the operator says so.</summary>
public sealed class PassedThroughTests(PassedThroughHost host) : IClassFixture<PassedThroughHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Https_takes_the_client_s_address_from_the_header_and_not_from_what_the_client_writes()
    {
        Assert.Null(await host.TryConnectAsync("https", ProxiedHost.Proxy, []));

        using var client = host.ClientAt(ProxiedHost.Proxy, before: HeaderBytes.Of("203.0.113.7:1"));
        Assert.Equal(HttpStatusCode.BadRequest, await AskAsync(client, "203.0.113.8"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync(client, "203.0.113.9"));
        using var other = host.ClientAt(ProxiedHost.Proxy, before: HeaderBytes.Of("203.0.113.8:1"));
        Assert.Equal(HttpStatusCode.BadRequest, await AskAsync(other, "203.0.113.7"));
    }

    [Fact]
    public async Task Uplinks_are_served_without_a_header_and_not_with_one()
    {
        Assert.Null(await host.TryConnectAsync("uplink", ProxiedHost.Proxy, HeaderBytes.Of("203.0.113.7:1")));

        using var camera = host.ClientAt(ProxiedHost.Proxy, "uplink");
        using var answer = await camera.GetAsync(new Uri("/onvif/uplink", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.StatusCode);
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, string forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/onvif/cloud/getAvailableFWImages") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Forwarded-For", forwardedFor);
        using var answer = await client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }
}
