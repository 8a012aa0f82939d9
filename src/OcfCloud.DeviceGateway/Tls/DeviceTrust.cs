using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace OcfCloud.DeviceGateway.Tls;

/// <summary>
/// Judges device certificates by the configured authorities and revocation lists:
/// <code>
///   certificate ──► TrustAnchors ── path (cached by thumbprint, as long as the anchors stay) ──► RevocationIndex ──► verdict
/// </code>
/// Revocation is asked anew each time, a few look-ups, so a new list reaches cached certificates too.
/// </summary>
internal sealed partial class DeviceTrust
{
    private readonly DeviceTlsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LastGoodFiles<IReadOnlyList<X509Certificate2>> _anchorFiles;
    private readonly LastGoodFiles<IReadOnlyList<RevocationList>> _listFiles;
    private readonly HashSet<Sha256Digest> _reportedOverdue = [];
    private volatile TrustAnchors _anchors;
    private volatile RevocationIndex _revocations;

    /// <summary>Reads all files.</summary>
    /// <exception cref="DeviceTlsException">A configured file cannot be started with.</exception>
    public DeviceTrust(DeviceTlsOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _anchorFiles = new(options.TrustAnchors, TrustAnchorFile.Read);
        _listFiles = new(options.RevocationLists, content => RevocationListFile.Read(content, _anchors!.Authorities));

        _anchors = new TrustAnchors(Merge(_anchorFiles.Read(
            (file, reason, _) => RefuseAtStart(nameof(options.TrustAnchors), file, reason),
            index => throw Missing(nameof(options.TrustAnchors), options.TrustAnchors, index))));
        if (_anchors.Authorities.Count == 0) throw new DeviceTlsException(nameof(options.TrustAnchors), "names no trust anchor");
        _revocations = new RevocationIndex(_listFiles.Read(
            (file, reason, _) => RefuseAtStart(nameof(options.RevocationLists), file, reason),
            index => throw Missing(nameof(options.RevocationLists), options.RevocationLists, index)).SelectMany(lists => lists));
        ReportOverdueLists();
    }

    /// <summary>Judges a certificate now.</summary>
    /// <param name="certificate">The device's.</param>
    /// <param name="sent">The intermediates that came with it, if any.</param>
    public TrustVerdict Judge(X509Certificate2 certificate, X509Certificate2Collection? sent)
    {
        var verdict = _anchors.FindPath(certificate, sent, _time.GetUtcNow(), out var path);
        return verdict == TrustVerdict.Trusted && _revocations.Revokes(path) ? TrustVerdict.Revoked : verdict;
    }

    /// <summary>Reads what changed; one caller at a time.</summary>
    /// <returns>Whether a certificate may be judged otherwise than before.</returns>
    public bool Refresh()
    {
        var anchorsChanged = _anchorFiles.HaveChanged() && ReadAnchors();
        // Other authorities may have signed a list that was refused before.
        var listsChanged = (_listFiles.HaveChanged() || anchorsChanged) && ReadLists();
        ReportOverdueLists();
        return anchorsChanged || listsChanged;
    }

    private bool ReadAnchors()
    {
        var authorities = Merge(_anchorFiles.Read(
            (file, reason, stays) => LogRefused(file.Path, reason.Message, stays),
            index => LogMissing(_options.TrustAnchors[index])));
        if (authorities.Count == 0)
        {
            LogNoAnchorLeft();
            return false;
        }
        if (authorities.Select(Sha256Digest.Of).ToHashSet().SetEquals(_anchors.Authorities.Select(Sha256Digest.Of))) return false;
        _anchors = new TrustAnchors(authorities, _anchors);
        LogAnchorsRead(authorities.Count);
        return true;
    }

    private bool ReadLists()
    {
        var read = new RevocationIndex(_listFiles.Read(
            (file, reason, stays) => LogRefused(file.Path, reason.Message, stays),
            index => LogMissing(_options.RevocationLists[index])).SelectMany(lists => lists));
        if (read.HasListsOf(_revocations)) return false;
        _revocations = read;
        LogListsRead(read.Lists.Count, read.Lists.Sum(list => list.Serials.Count));
        return true;
    }

    private void ReportOverdueLists()
    {
        foreach (var list in _revocations.Lists)
        {
            if (list.NextUpdate is { } next && next < _time.GetUtcNow() && _reportedOverdue.Add(list.Digest)) LogOverdue(list.IssuerName, next);
        }
    }

    private void RefuseAtStart(string option, WatchedFile file, UnusableFileException reason)
    {
        if (file.IsNamed && reason.StopsStart)
            throw new DeviceTlsException($"{option}:{file.Setting}", $"\"{file.Path}\" {reason.Message}", reason);
        LogRefused(file.Path, reason.Message, lastGoodStays: false);
    }

    private static DeviceTlsException Missing(string option, IReadOnlyList<string> paths, int index) =>
        new($"{option}:{index}", $"\"{paths[index]}\" is no file and no folder");

    private static IReadOnlyCollection<X509Certificate2> Merge(IEnumerable<IReadOnlyList<X509Certificate2>> files) =>
        [.. files.SelectMany(certificates => certificates).DistinctBy(Sha256Digest.Of)];
}
