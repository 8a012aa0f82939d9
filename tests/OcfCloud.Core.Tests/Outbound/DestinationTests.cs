using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Core.Outbound;

namespace OcfCloud.Core.Tests.Outbound;

/// <summary>Destinations of which an operator said more.</summary>
public sealed class DestinationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_that_the_operator_named_may_have_any_address_and_others_may_not()
    {
        await using var receiver = new TlsReceiver("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var client = Client(new OutboundDestination { MaxConnectionsPerHost = 1, NamedHosts = ["Receiver.example"], TrustAnchors = [receiver.Certificate] });

        using var answer = await client.GetAsync(new Uri($"https://receiver.example:{receiver.Port}/"), Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"https://127.0.0.1:{receiver.Port}/"), Cancellation));
        Assert.IsType<OutboundRefusedException>(refused.InnerException);
    }

    [Fact]
    public async Task Its_trust_anchors_are_its_own_and_what_it_presents_is_told()
    {
        await using var receiver = new TlsReceiver("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var told = new List<(string Name, SslPolicyErrors Errors)>();
        void Presented(X509Certificate2? certificate, SslPolicyErrors errors) => told.Add((certificate!.Subject, errors));
        using var trusting = Client(new OutboundDestination { MaxConnectionsPerHost = 1, NamedHosts = ["receiver.example"], TrustAnchors = [receiver.Certificate], Presented = Presented });
        using var other = Client(new OutboundDestination { MaxConnectionsPerHost = 1, NamedHosts = ["receiver.example"], Presented = Presented });

        (await trusting.GetAsync(new Uri($"https://receiver.example:{receiver.Port}/"), Cancellation)).Dispose();
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => other.GetAsync(new Uri($"https://receiver.example:{receiver.Port}/"), Cancellation));

        Assert.IsType<AuthenticationException>(refused.InnerException);
        Assert.Equal([("CN=receiver", SslPolicyErrors.None), ("CN=receiver", SslPolicyErrors.RemoteCertificateChainErrors)], told);
    }

    private static HttpClient Client(OutboundDestination destination) =>
        new(new OutboundGuard(new OutboundOptions(), TimeProvider.System, (_, _) => Task.FromResult(new[] { IPAddress.Loopback })).CreateHandler(destination));
}
