using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Core.Outbound;

/// <summary>TLS of outgoing calls: the system's store, and the operator's trust anchors beside it.</summary>
internal static class OutboundTls
{
    public static SslClientAuthenticationOptions OptionsFor(X509Certificate2Collection general, OutboundDestination destination)
    {
        X509Certificate2Collection anchors = [.. general, .. destination.TrustAnchors];
        var options = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = Policy(),
            ClientCertificateContext = destination.ClientCertificate,
        };
        if (anchors.Count > 0 || destination.Presented is not null)
        {
            options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            {
                var leaf = certificate as X509Certificate2;
                var left = errors == SslPolicyErrors.RemoteCertificateChainErrors && leaf is not null && IsSignedBy(anchors, leaf, chain) ? SslPolicyErrors.None : errors;
                destination.Presented?.Invoke(leaf, left);
                return left == SslPolicyErrors.None;
            };
        }

        return options;
    }

    // A certificate names addresses where its issuer's can be had: the stranger's choice too, and nothing here would judge it.
    private static X509ChainPolicy Policy() => new()
    {
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
        ApplicationPolicy = { new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1") },
    };

    private static bool IsSignedBy(X509Certificate2Collection anchors, X509Certificate2 leaf, X509Chain? presented)
    {
        if (anchors.Count == 0) return false;
        using var chain = new X509Chain { ChainPolicy = Policy() };
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(anchors);
        if (presented is not null) chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        return chain.Build(leaf);
    }
}
