using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Certificates;

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
    private readonly WatchedAnchors _anchors;
    private readonly LastGoodFiles<IReadOnlyList<RevocationList>> _listFiles;
    private readonly HashSet<Sha256Digest> _reportedOverdue = [];
    private volatile RevocationIndex _revocations;

    /// <summary>Reads all files.</summary>
    /// <exception cref="DeviceTlsException">A configured file cannot be started with.</exception>
    public DeviceTrust(DeviceTlsOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _anchors = ReadAnchors(options.TrustAnchors, logger);
        _listFiles = new(options.RevocationLists, content => RevocationListFile.Read(content, _anchors.Authorities));

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
        if (verdict != TrustVerdict.Trusted) return verdict;
        if (DeviceCertificate.ReadIdentity(certificate.SubjectName, out _) == CertificateIdentity.Ambiguous) return TrustVerdict.AmbiguousIdentity;
        return _revocations.Revokes(path) ? TrustVerdict.Revoked : TrustVerdict.Trusted;
    }

    /// <summary>Whether nothing came with a certificate but what is known: so that what one device makes the cloud keep is bounded.</summary>
    public bool Knows(X509Certificate2Collection? sent) => sent is null || _anchors.Knows(sent);

    /// <summary>Reads what changed; one caller at a time.</summary>
    /// <returns>Whether a certificate may be judged otherwise than before.</returns>
    public bool Refresh()
    {
        var anchorsChanged = _anchors.Refresh();
        // Other authorities may have signed a list that was refused before.
        var listsChanged = (_listFiles.HaveChanged() || anchorsChanged) && ReadLists();
        ReportOverdueLists();
        return anchorsChanged || listsChanged;
    }

    private static WatchedAnchors ReadAnchors(IReadOnlyList<string> paths, ILogger logger)
    {
        try
        {
            return new WatchedAnchors(paths, CertificateUsage.AllowsDevice, logger);
        }
        catch (UnusableAnchorsException e)
        {
            const string option = nameof(DeviceTlsOptions.TrustAnchors);
            throw new DeviceTlsException(e.Setting is { } index ? $"{option}:{index}" : option, e.Message, e);
        }
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
}
