using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Simulator.Certificates;

/// <summary>Who is believed when a peer shows its certificate.</summary>
internal sealed class TrustAnchors
{
    private readonly X509Certificate2Collection? _anchors;

    private TrustAnchors(X509Certificate2Collection? anchors) => _anchors = anchors;

    /// <summary>The anchors of the operating system.</summary>
    public static TrustAnchors System { get; } = new(null);

    /// <summary>The certificates of a PEM file: anchors and, where they are not self-signed, intermediates.</summary>
    /// <exception cref="global::System.Security.Cryptography.CryptographicException">The file holds no certificate.</exception>
    public static TrustAnchors FromFile(string path)
    {
        var anchors = new X509Certificate2Collection();
        anchors.ImportFromPemFile(path);
        return anchors.Count > 0 ? new(anchors) : throw new global::System.Security.Cryptography.CryptographicException($"{path} holds no certificate.");
    }

    /// <summary>Anchors that are already loaded.</summary>
    public static TrustAnchors Of(params X509Certificate2[] anchors) => new([.. anchors]);

    /// <summary>The chain policy to check peers with; null stands for the system's.</summary>
    public X509ChainPolicy? CreatePolicy() => _anchors is null ? null : PolicyFor(_anchors);

    /// <summary>A policy that trusts <paramref name="anchors"/> alone and asks nobody on the network.</summary>
    public static X509ChainPolicy PolicyFor(X509Certificate2Collection anchors)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationFlags = X509VerificationFlags.NoFlag,
        };
        foreach (var anchor in anchors)
        {
            // An intermediate works as the end of a chain only where it is self-signed; the others help to build it.
            if (anchor.SubjectName.RawData.AsSpan().SequenceEqual(anchor.IssuerName.RawData))
                policy.CustomTrustStore.Add(anchor);
            else
                policy.ExtraStore.Add(anchor);
        }

        return policy;
    }

    /// <summary>Whether the TLS stack found nothing wrong but the name, which OCF does not look at: the identity is in the common name.</summary>
    public static bool IsTrusted(SslPolicyErrors errors) => (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;
}
