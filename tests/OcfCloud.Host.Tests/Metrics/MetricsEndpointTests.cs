using System.Net;
using OcfCloud.Host.Metrics;
using OcfCloud.Host.Settings;
using OcfCloud.Host.Tests.Composition;
using OcfCloud.Host.Tests.Settings;

namespace OcfCloud.Host.Tests.Metrics;

public sealed class MetricsEndpointTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.8.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("fe80::1", false)]
    public void Without_a_setting_this_machine_alone_may_read_it(string address, bool admitted)
    {
        var networks = MetricsEndpoint.NetworksOf(Sources.Production());

        Assert.Equal(admitted, MetricsEndpoint.Admits(networks, IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("2001:db8::5", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("11.0.0.1", false)]
    public void The_networks_that_are_named_take_the_place_of_the_default(string address, bool admitted)
    {
        var networks = MetricsEndpoint.NetworksOf(
            Sources.Production(("OcfCloud:Metrics:AllowedNetworks:0", "10.0.0.0/8"), ("OcfCloud:Metrics:AllowedNetworks:1", "2001:db8::/32")));

        Assert.Equal(admitted, MetricsEndpoint.Admits(networks, IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("")]
    [InlineData("10.0.0.0/33")]
    public void What_is_no_network_stops_the_start(string text)
    {
        var source = Sources.Production(("OcfCloud:Metrics:AllowedNetworks:0", text));

        Assert.StartsWith("OcfCloud:Metrics:AllowedNetworks:0: ", Assert.Throws<SettingException>(source.CheckAll).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_answers_on_https_and_http_and_to_reading_alone()
    {
        using var installation = new Installation();
        await using var host = await RunningHost.StartAsync(installation);

        foreach (var client in (HttpClient[])[host.Https, host.Http])
        {
            using var answer = await client.GetAsync("/metrics", Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
            Assert.Contains("ocfcloud_certificate_expires_seconds{", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            using var written = await client.PostAsync("/metrics", null, Cancellation);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, written.StatusCode);
        }

        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, presented, _, _) => presented is not null } };
        using var uplink = new HttpClient(handler) { BaseAddress = new Uri(host.File.GetProperty("uplink").GetString()!) };
        using var atUplink = await uplink.GetAsync("/metrics", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, atUplink.StatusCode);
    }

    [Fact]
    public async Task To_others_it_is_not_there()
    {
        using var installation = new Installation();
        await using var host = await RunningHost.StartAsync(installation, "--OcfCloud:Metrics:AllowedNetworks:0=10.0.0.0/8");

        foreach (var client in (HttpClient[])[host.Https, host.Http])
        {
            foreach (var path in (string[])["/metrics", "/METRICS", "/metrics/"])
            {
                using var answer = await client.GetAsync(path, Cancellation);
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
                Assert.DoesNotContain("ocfcloud_", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            }
        }
    }
}
