using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace OcfCloud.Core.Certificates;

/// <summary>
/// The authorities in configured files and folders, and what they say of a certificate. Files are read again by <see cref="Refresh"/>; one that is half
/// written goes on saying what it said before, and the last authorities stay where no others are left. The system's store has no say.
/// </summary>
public sealed partial class WatchedAnchors
{
    private readonly IReadOnlyList<string> _paths;
    private readonly Func<X509Certificate2, bool> _allowsPurpose;
    private readonly ILogger _logger;
    private readonly LastGoodFiles<IReadOnlyList<X509Certificate2>> _files;
    private volatile TrustAnchors _current;

    /// <summary>Reads the files.</summary>
    /// <param name="paths">Files and folders with anchors and the intermediates below them (PEM).</param>
    /// <param name="allowsPurpose">Whether the usages that a certificate names are those that it is shown for; asked of all but the anchor.</param>
    /// <param name="logger">Told of files that are refused later.</param>
    /// <exception cref="UnusableAnchorsException">A configured file cannot be started with, or there is no anchor in any.</exception>
    public WatchedAnchors(IReadOnlyList<string> paths, Func<X509Certificate2, bool> allowsPurpose, ILogger logger)
    {
        _paths = paths;
        _allowsPurpose = allowsPurpose;
        _logger = logger;
        _files = new(paths, TrustAnchorFile.Read);
        var authorities = Merge(_files.Read(RefuseAtStart, index => throw new UnusableAnchorsException(index, $"\"{paths[index]}\" is no file and no folder")));
        if (authorities.Count == 0) throw new UnusableAnchorsException(null, "names no trust anchor");
        _current = new TrustAnchors(authorities, allowsPurpose);
    }

    /// <summary>All certificates in force: those whose keys may sign revocation lists.</summary>
    public IReadOnlyCollection<X509Certificate2> Authorities => _current.Authorities;

    /// <summary>Finds the path from a certificate to an anchor.</summary>
    /// <param name="certificate">The peer's.</param>
    /// <param name="sent">The intermediates that came with it, if any.</param>
    /// <param name="now">The time at which all of them must be valid.</param>
    /// <param name="path">The path, where the verdict is <see cref="TrustVerdict.Trusted"/>; whether one of its certificates was revoked is still to be asked.</param>
    public TrustVerdict FindPath(X509Certificate2 certificate, X509Certificate2Collection? sent, DateTimeOffset now, out CertificatePath path) =>
        _current.FindPath(certificate, sent, now, out path);

    /// <summary>Whether these are a few certificates of authorities alone that are configured or stood in a path that was found.</summary>
    /// <param name="sent">What came with a peer's certificate.</param>
    public bool Knows(X509Certificate2Collection sent) => _current.Knows(sent);

    /// <summary>Reads what changed; one caller at a time.</summary>
    /// <returns>Whether other authorities are in force.</returns>
    public bool Refresh()
    {
        if (!_files.HaveChanged()) return false;
        var authorities = Merge(_files.Read((file, reason, stays) => LogRefused(file.Path, reason.Message, stays), index => LogMissing(_paths[index])));
        if (authorities.Count == 0)
        {
            LogNoAnchorLeft();
            return false;
        }
        if (authorities.Select(Sha256Digest.Of).ToHashSet().SetEquals(Authorities.Select(Sha256Digest.Of))) return false;
        _current = new TrustAnchors(authorities, _allowsPurpose, _current);
        LogAnchorsRead(authorities.Count);
        return true;
    }

    private void RefuseAtStart(WatchedFile file, UnusableFileException reason, bool stays)
    {
        if (file.IsNamed && reason.StopsStart) throw new UnusableAnchorsException(file.Setting, $"\"{file.Path}\" {reason.Message}", reason);
        LogRefused(file.Path, reason.Message, lastGoodStays: false);
    }

    private static IReadOnlyCollection<X509Certificate2> Merge(IEnumerable<IReadOnlyList<X509Certificate2>> files) =>
        [.. files.SelectMany(certificates => certificates).DistinctBy(Sha256Digest.Of)];
}
