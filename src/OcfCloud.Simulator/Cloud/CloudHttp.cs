using System.Net.Security;
using OcfCloud.Simulator.Certificates;

namespace OcfCloud.Simulator.Cloud;

/// <summary>How the simulator speaks to a cloud's HTTPS door.</summary>
internal static class CloudHttp
{
    /// <summary>A client for one door; the caller's to dispose.</summary>
    /// <param name="url">Its address.</param>
    /// <param name="anchors">Who is believed.</param>
    public static HttpClient Create(Uri url, TrustAnchors anchors) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = anchors.CreatePolicy() },
    })
    {
        BaseAddress = url,
        Timeout = TimeSpan.FromSeconds(30),
        MaxResponseContentBufferSize = 4 * 1024 * 1024,
    };
}
