using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Simulator.Cameras.Keystore;

namespace OcfCloud.Simulator.Cameras.Uplinks;

/// <summary>
/// Checks clouds with a certification path validation policy: some certificate of the path is an anchor of it, and the name is right (RFC 6125). Nothing
/// else is believed. Without a policy, which the specification leaves open, the system's anchors are.
/// </summary>
internal static class PeerValidation
{
    /// <summary>How a TLS handshake checks its peer.</summary>
    public static SslClientAuthenticationOptions Options(CameraState state, string? policyId)
    {
        var anchors = state.Policy(policyId) is { } policy ? state.AnchorsOf(policy).ToList() : null;
        return new SslClientAuthenticationOptions
        {
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                anchors is null ? errors == SslPolicyErrors.None : IsGood(certificate, chain, errors, anchors),
        };
    }

    private static bool IsGood(X509Certificate? certificate, X509Chain? shown, SslPolicyErrors errors, List<byte[]> anchors)
    {
        if (certificate is null || shown is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return false;
        var loaded = anchors.ConvertAll(X509CertificateLoader.LoadCertificate);
        try
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1"));

            // An anchor need not be the end of the path: an intermediate or the certificate itself may be pinned.
            chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
            chain.ChainPolicy.CustomTrustStore.AddRange(loaded.ToArray());
            chain.ChainPolicy.ExtraStore.AddRange(loaded.ToArray());
            chain.ChainPolicy.ExtraStore.AddRange(shown.ChainPolicy.ExtraStore);
            return chain.Build(new X509Certificate2(certificate))
                && chain.ChainElements.Any(element => anchors.Exists(anchor => anchor.AsSpan().SequenceEqual(element.Certificate.RawData)));
        }
        finally
        {
            loaded.ForEach(anchor => anchor.Dispose());
        }
    }
}
