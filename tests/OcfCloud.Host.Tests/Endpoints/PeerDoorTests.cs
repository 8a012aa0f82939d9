using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using OcfCloud.Host.Tests.Composition;

namespace OcfCloud.Host.Tests.Endpoints;

/// <summary>The door of peer clouds, by real connections to a running host.</summary>
public sealed class PeerDoorTests(PeerDoor door) : IClassFixture<PeerDoor>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly PeerAuthority _authority = door.Authority;
    private readonly PeerAuthority _stranger = door.Stranger;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_address_is_printed_and_in_the_host_file()
    {
        var host = door.Host;

        var address = host.File.GetProperty("mutualTls").GetString()!;
        Assert.StartsWith("https://127.0.0.1:", address, StringComparison.Ordinal);
        Assert.Contains($"mutualTls {address}", host.Printed);
    }

    [Fact]
    public async Task A_certificate_of_the_anchors_and_a_bearer_token_open_the_API()
    {
        var host = door.Host;
        using var certificate = _authority.Issue();
        var presented = "";
        using var client = Client(host, certificate, subject => presented = subject);

        using var answer = await client.SendAsync(await DevicesAsync(), Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal($"CN=uuid:{host.File.GetProperty("sid").GetString()}", presented);
    }

    [Fact]
    public async Task The_certificate_alone_is_no_bearer_token()
    {
        var host = door.Host;
        using var certificate = _authority.Issue();
        using var client = Client(host, certificate);

        using var answer = await client.GetAsync("/mediator/v1/devices", Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
    }

    [Theory]
    [InlineData("/.well-known/openid-configuration", HttpStatusCode.OK)]
    [InlineData("/.well-known/oauth-authorization-server", HttpStatusCode.OK)]
    [InlineData("/.well-known/jwks.json", HttpStatusCode.OK)]
    [InlineData("/", HttpStatusCode.NotFound)]
    [InlineData("/login", HttpStatusCode.NotFound)]
    [InlineData("/devices", HttpStatusCode.NotFound)]
    [InlineData("/oauth/authorize", HttpStatusCode.NotFound)]
    [InlineData("/health/ready", HttpStatusCode.NotFound)]
    public async Task It_serves_programs_and_no_pages(string path, HttpStatusCode expected)
    {
        var host = door.Host;
        using var certificate = _authority.Issue();
        using var client = Client(host, certificate);

        using var answer = await client.GetAsync(path, Cancellation);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("/oauth/token")]
    [InlineData("/oauth/revoke")]
    [InlineData("/oauth/introspect")]
    public async Task It_serves_what_programs_ask_of_the_authorization_server(string path)
    {
        var host = door.Host;
        using var certificate = _authority.Issue();
        using var client = Client(host, certificate);

        using var answer = await client.PostAsync(path, new FormUrlEncodedContent([]), Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("invalid_request", JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_certificate_without_extended_usages_is_good()
    {
        var host = door.Host;
        using var certificate = _authority.Issue(usage: null);

        Assert.True(await IsLetInAsync(host, certificate));
    }

    [Fact]
    public async Task Without_a_certificate_or_with_a_bad_one_nobody_comes_in()
    {
        var host = door.Host;
        using var foreign = _stranger.Issue();
        using var expired = _authority.Issue(notAfter: TimeSpan.FromDays(-1));
        using var forServers = _authority.Issue(PeerAuthority.ServerAuthentication);

        Assert.False(await IsLetInAsync(host, null));
        Assert.False(await IsLetInAsync(host, foreign));
        Assert.False(await IsLetInAsync(host, expired));
        Assert.False(await IsLetInAsync(host, forServers));
    }

    [Fact]
    public async Task Anchors_that_change_count_from_then_on()
    {
        await using var own = new PeerDoor();
        await own.InitializeAsync();
        var (host, anchors) = (own.Host, own.Anchors);
        using var first = own.Authority.Issue();
        using var second = own.Stranger.Issue();
        using var open = Client(host, first);
        Assert.Equal(HttpStatusCode.OK, (await open.GetAsync("/.well-known/jwks.json", Cancellation)).StatusCode);

        await File.WriteAllTextAsync(Path.Combine(anchors, "more.pem"), own.Stranger.Pem, Cancellation);
        await EventuallyAsync(() => IsLetInAsync(host, second));

        File.Delete(Path.Combine(anchors, "peers.pem"));
        await EventuallyAsync(async () => !await IsLetInAsync(host, first));

        // The connection that was open all the time is refused what it asks next, and closed.
        using var answer = await open.GetAsync("/.well-known/jwks.json", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => open.GetAsync("/.well-known/jwks.json", Cancellation));
        Assert.True(await IsLetInAsync(host, second));
    }

    [Fact]
    public async Task Without_anchors_or_with_bad_ones_the_start_stops_and_names_the_key()
    {
        using var installation = new Installation();
        Assert.Equal(
            "OcfCloud:PeerClouds:TrustAnchors: is not set, but OcfCloud:Endpoints:MutualTls is",
            (await installation.RunAsync(RunningHost.Arguments("--OcfCloud:Endpoints:MutualTls=127.0.0.1:0"))).Refusal(1));

        var file = installation["no-anchor.pem"];
        await File.WriteAllTextAsync(file, "nothing", Cancellation);
        var refusal = (await installation.RunAsync(
            RunningHost.Arguments("--OcfCloud:Endpoints:MutualTls=127.0.0.1:0", $"--OcfCloud:PeerClouds:TrustAnchors:0={file}"))).Refusal(1);
        Assert.Equal($"OcfCloud:PeerClouds:TrustAnchors:0: \"{file}\" holds no certificate (PEM)", refusal);

        Assert.Equal(
            "OcfCloud:Endpoints:MutualTls: \"nonsense\" is no port and no address:port",
            (await installation.RunAsync(RunningHost.Arguments("--OcfCloud:Endpoints:MutualTls=nonsense"))).Refusal(1));
    }

    private async Task<HttpRequestMessage> DevicesAsync()
    {
        var token = (await File.ReadAllTextAsync(Path.Combine(door.Data, "simulator", "token"), Cancellation)).Trim();
        return new HttpRequestMessage(HttpMethod.Get, "/mediator/v1/devices") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
    }

    private static async Task<bool> IsLetInAsync(RunningHost host, X509Certificate2? certificate)
    {
        using var client = Client(host, certificate);
        try
        {
            using var answer = await client.GetAsync("/.well-known/jwks.json", Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(Deadline);
        while (!await holds()) await Task.Delay(50, deadline.Token);
    }

    private static string Ignore(string subject) => subject;

    private static HttpClient Client(RunningHost host, X509Certificate2? certificate, Func<string, string>? presented = null) => new(new SocketsHttpHandler
    {
        SslOptions =
        {
            ClientCertificates = certificate is null ? null : [certificate],
            LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate!,
            RemoteCertificateValidationCallback = (_, shown, _, _) => (presented ?? Ignore)(shown!.Subject) is not null,
        },
    })
    {
        BaseAddress = new Uri(host.File.GetProperty("mutualTls").GetString()!),
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };
}
