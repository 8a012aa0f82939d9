using System.Net.Security;
using System.Security.Authentication;

namespace OcfCloud.Host.Endpoints;

/// <summary>What HTTPS is spoken in, on every door that speaks it.</summary>
internal static class HttpsProtocols
{
    public static void Apply(SslServerAuthenticationOptions options)
    {
        options.ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];
        options.EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;

        // The process's OpenSSL configuration admits the short-tagged CCM suites for devices; browsers and peer clouds need none of them.
        if (!OperatingSystem.IsWindows() && !OperatingSystem.IsAndroid() && !OperatingSystem.IsMacOS())
        {
            options.CipherSuitesPolicy = new CipherSuitesPolicy(
            [
                TlsCipherSuite.TLS_AES_128_GCM_SHA256,
                TlsCipherSuite.TLS_AES_256_GCM_SHA384,
                TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
                TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
                TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
                TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
                TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
                TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
                TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
            ]);
        }
    }
}
