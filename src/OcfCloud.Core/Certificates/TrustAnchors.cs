using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Core.Certificates;

/// <summary>
/// One state of the configured authorities: never changes, so what it found for a certificate stays true until the next state replaces it, cache and all.
/// A self-signed certificate is an anchor; another is an intermediate, or an anchor of its own where its issuer is not configured.
/// </summary>
internal sealed class TrustAnchors
{
    private const int CachedPaths = 65_536;
    private const int LearntIntermediates = 256;
    private const int MaxSentCertificates = 8;

    // Bytes; two or three authorities' certificates with RSA, more with elliptic curves.
    private const int MaxKnownChain = 6 * 1024;

    private readonly PathCache _paths = new(CachedPaths);
    private readonly Func<X509Certificate2, bool> _allowsPurpose;
    private readonly X509Certificate2[] _roots;
    private readonly X509Certificate2[] _intermediates;
    private readonly HashSet<Sha256Digest> _bareAnchors = [];
    private readonly HashSet<Sha256Digest> _known = [];
    private ImmutableArray<X509Certificate2> _learnt = [];

    public TrustAnchors(IReadOnlyCollection<X509Certificate2> authorities, Func<X509Certificate2, bool> allowsPurpose, TrustAnchors? previous = null)
    {
        Authorities = authorities;
        _allowsPurpose = allowsPurpose;
        _roots = [.. authorities.Where(IsSelfIssued)];
        _intermediates = [.. authorities.Where(certificate => !IsSelfIssued(certificate))];
        foreach (var intermediate in _intermediates)
        {
            if (!authorities.Any(issuer => IsNamed(issuer, intermediate.IssuerName)))
                _bareAnchors.Add(Sha256Digest.Of(intermediate));
        }
        foreach (var authority in authorities) _known.Add(Sha256Digest.Of(authority));
        if (previous is null) return;
        _learnt = previous._learnt;
        foreach (var intermediate in _learnt) _known.Add(Sha256Digest.Of(intermediate));
    }

    /// <summary>All configured certificates: those whose keys may sign revocation lists.</summary>
    public IReadOnlyCollection<X509Certificate2> Authorities { get; }

    /// <summary>Whether the certificate ends the path that it would be issuer of; what it is not is an intermediate.</summary>
    public static bool IsSelfIssued(X509Certificate2 certificate) => IsNamed(certificate, certificate.IssuerName);

    /// <summary>Finds the path from a certificate to an anchor.</summary>
    /// <param name="certificate">The peer's.</param>
    /// <param name="sent">The intermediates that came with it, if any.</param>
    /// <param name="now">The time at which all of them must be valid.</param>
    /// <param name="path">The path, where the verdict is <see cref="TrustVerdict.Trusted"/>; whether one of its certificates was revoked is still to be asked.</param>
    public TrustVerdict FindPath(X509Certificate2 certificate, X509Certificate2Collection? sent, DateTimeOffset now, out CertificatePath path)
    {
        var digest = Sha256Digest.Of(certificate);
        if (_paths.Find(digest) is { } cached && cached.IsValidAt(now))
        {
            path = cached;
            return TrustVerdict.Trusted;
        }

        var verdict = Build(certificate, sent, now, out path);
        if (verdict == TrustVerdict.Trusted) _paths.Add(digest, path);
        return verdict;
    }

    /// <summary>Whether these are a few certificates of authorities alone that are configured or stood in a path.</summary>
    public bool Knows(X509Certificate2Collection sent)
    {
        var size = 0;
        foreach (var certificate in sent)
        {
            var digest = Sha256Digest.Of(certificate);
            lock (_known)
            {
                if (!_known.Contains(digest)) return false;
            }

            // The same one may come again and again.
            size += certificate.RawDataMemory.Length;
            if (size > MaxKnownChain) return false;
        }

        return true;
    }

    private TrustVerdict Build(X509Certificate2 certificate, X509Certificate2Collection? sent, DateTimeOffset now, out CertificatePath path)
    {
        path = null!;
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(_roots);
        policy.ExtraStore.AddRange(_intermediates);
        policy.ExtraStore.AddRange(_learnt.AsSpan().ToArray());
        for (var i = 0; i < Math.Min(sent?.Count ?? 0, MaxSentCertificates); i++) policy.ExtraStore.Add(sent![i]);
        // Revocation is ours (the platform cannot check against given lists), and nothing is fetched from addresses that a certificate names.
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = now.LocalDateTime;
        try
        {
            var trusted = chain.Build(certificate);
            if (!trusted && !EndsInBareAnchor(chain)) return Refusal(chain);
            if (chain.ChainElements.SkipLast(1).Any(element => !_allowsPurpose(element.Certificate))) return TrustVerdict.WrongUsage;
            path = Describe(chain);
            Learn(chain);
            return TrustVerdict.Trusted;
        }
        catch (CryptographicException)
        {
            return TrustVerdict.Unreadable;
        }
        finally
        {
            foreach (var element in chain.ChainElements) element.Certificate.Dispose();
        }
    }

    // The platform wants every path to end in a self-signed certificate; an operator may trust no more than the authority below it.
    private bool EndsInBareAnchor(X509Chain chain) =>
        chain.ChainElements.Count > 1
        && chain.ChainStatus.All(status => status.Status is X509ChainStatusFlags.PartialChain)
        && _bareAnchors.Contains(Sha256Digest.Of(chain.ChainElements[^1].Certificate));

    private static TrustVerdict Refusal(X509Chain chain)
    {
        var found = X509ChainStatusFlags.NoError;
        foreach (var status in chain.ChainStatus) found |= status.Status;
        return found switch
        {
            X509ChainStatusFlags.NotTimeValid => TrustVerdict.OutOfValidity,
            X509ChainStatusFlags.NotValidForUsage => TrustVerdict.WrongUsage,
            _ => TrustVerdict.NoPathToAnchor,
        };
    }

    private static CertificatePath Describe(X509Chain chain)
    {
        var elements = chain.ChainElements;
        var issued = new IssuedCertificate[elements.Count - 1];
        for (var i = 0; i < issued.Length; i++)
            issued[i] = IssuedCertificate.Of(elements[i].Certificate, IssuerKey.Of(elements[i + 1].Certificate));
        return new CertificatePath(
            new DateTimeOffset(elements.Max(element => element.Certificate.NotBefore)),
            new DateTimeOffset(elements.Min(element => element.Certificate.NotAfter)),
            issued);
    }

    // The check of a live connection has the leaf alone. What is learnt was signed by our authorities, so strangers add nothing.
    private void Learn(X509Chain chain)
    {
        for (var i = 1; i < chain.ChainElements.Count - 1; i++)
        {
            var intermediate = chain.ChainElements[i].Certificate;
            var digest = Sha256Digest.Of(intermediate);
            lock (_known)
            {
                if (_learnt.Length >= LearntIntermediates || !_known.Add(digest)) continue;
                _learnt = _learnt.Add(X509CertificateLoader.LoadCertificate(intermediate.RawDataMemory.Span));
            }
        }
    }

    private static bool IsNamed(X509Certificate2 certificate, X500DistinguishedName name) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(name.RawData);
}
