using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using OcfCloud.Core.Outbound;

namespace OcfCloud.Core.Tests.Outbound;

/// <summary>Calls through the guard's handler, over real sockets.</summary>
public sealed class GuardedCallTests
{
    private const string Empty = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_forbidden_address_is_not_even_connected_to()
    {
        await using var receiver = new TlsReceiver(Empty);
        using var client = Client(receiver, IPAddress.Loopback);
        await RefusedAsync(client, $"https://receiver.example:{receiver.Port}/", OutboundRefusal.ForbiddenAddress);
        await RefusedAsync(client, $"https://127.0.0.1:{receiver.Port}/", OutboundRefusal.ForbiddenAddress);
        await RefusedAsync(client, $"https://[::ffff:127.0.0.1]:{receiver.Port}/", OutboundRefusal.ForbiddenAddress);
        Assert.Equal(0, receiver.Connections);
    }

    [Fact]
    public async Task Plain_HTTP_is_not_even_connected_to()
    {
        await using var receiver = new TlsReceiver(Empty);
        using var client = Client(receiver, [IPAddress.Loopback], "127.0.0.1/32");
        await RefusedAsync(client, $"http://receiver.example:{receiver.Port}/", OutboundRefusal.NotHttps);
        Assert.Equal(0, receiver.Connections);
    }

    [Fact]
    public async Task Forbidden_addresses_of_a_name_are_skipped_and_a_dead_one_is_passed_over()
    {
        await using var receiver = new TlsReceiver(Empty);
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.3"), receiver.Port));
        using var client = Client(receiver, [IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.3"), IPAddress.Loopback], "127.0.0.1/32", "127.0.0.3/32");
        using var answer = await client.GetAsync($"https://receiver.example:{receiver.Port}/", Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Many_calls_at_once_are_trusted_by_the_anchor()
    {
        await using var receiver = new TlsReceiver(Empty);
        using var client = Client(receiver, [IPAddress.Loopback], "127.0.0.1/32");
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => client.GetAsync($"https://receiver.example:{receiver.Port}/", Cancellation)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    [Fact]
    public async Task Neither_another_name_s_certificate_nor_an_untrusted_one_is_taken()
    {
        await using var receiver = new TlsReceiver(Empty);
        using var trusting = Client(receiver, [IPAddress.Loopback], "127.0.0.1/32");
        var other = await Assert.ThrowsAsync<HttpRequestException>(() => trusting.GetAsync($"https://other.example:{receiver.Port}/", Cancellation));
        Assert.IsType<AuthenticationException>(other.InnerException);

        var options = new OutboundOptions();
        options.AllowedNetworks.Add(IPNetwork.Parse("127.0.0.1/32"));
        using var client = new HttpClient(new OutboundGuard(options, TimeProvider.System, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])).CreateHandler(4));
        var untrusted = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync($"https://receiver.example:{receiver.Port}/", Cancellation));
        Assert.IsType<AuthenticationException>(untrusted.InnerException);
    }

    [Theory]
    [InlineData("302 Found")]
    [InlineData("307 Temporary Redirect")]
    [InlineData("308 Permanent Redirect")]
    public async Task A_redirect_is_an_answer_and_not_followed(string status)
    {
        await using var target = new TlsReceiver(Empty);
        await using var receiver = new TlsReceiver($"HTTP/1.1 {status}\r\nLocation: https://receiver.example:{target.Port}/\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n");
        using var client = Client(receiver, [IPAddress.Loopback], "127.0.0.1/32");
        using var answer = await client.GetAsync($"https://receiver.example:{receiver.Port}/", Cancellation);
        Assert.Equal(status[..3], ((int)answer.StatusCode).ToString());
        Assert.Equal(0, target.Connections);

        // Nor is anything remembered of it.
        using var again = await client.GetAsync($"https://receiver.example:{receiver.Port}/", Cancellation);
        Assert.DoesNotContain("Cookie", receiver.LastHead!, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Endless_headers_end_the_call()
    {
        await using var receiver = new TlsReceiver("HTTP/1.1 200 OK\r\nX-Long: " + new string('a', 40_000) + "\r\nContent-Length: 0\r\n\r\n");
        using var client = Client(receiver, [IPAddress.Loopback], "127.0.0.1/32");
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync($"https://receiver.example:{receiver.Port}/", Cancellation));
    }

    [Fact]
    public void A_proxy_of_the_environment_is_not_used()
    {
        using var handler = new OutboundGuard(new OutboundOptions(), TimeProvider.System).CreateHandler(1);
        Assert.False(handler.UseProxy);
        Assert.Equal(DecompressionMethods.None, handler.AutomaticDecompression);
    }

    private static async Task RefusedAsync(HttpClient client, string url, OutboundRefusal expected)
    {
        var e = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(url, Cancellation));
        Assert.Equal(expected, Assert.IsType<OutboundRefusedException>(e.InnerException).Refusal);
    }

    private static HttpClient Client(TlsReceiver receiver, params IPAddress[] addresses) => Client(receiver, addresses, []);

    private static HttpClient Client(TlsReceiver receiver, IPAddress[] addresses, params string[] allowed)
    {
        var options = new OutboundOptions();
        options.TrustAnchors.Add(receiver.Certificate);
        foreach (var network in allowed) options.AllowedNetworks.Add(IPNetwork.Parse(network));
        return new HttpClient(new OutboundGuard(options, TimeProvider.System, (_, _) => Task.FromResult(addresses)).CreateHandler(4));
    }
}
