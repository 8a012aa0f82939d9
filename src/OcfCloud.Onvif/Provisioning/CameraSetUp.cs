using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>
/// Brings a configuration onto a camera, or as far as it goes now: whatever was done in an earlier turn is found in the records, or on the camera.
/// <code>
///   look ─► anchors ─► policies ─► key pair ─► (wait) ─► PKCS#10 request ─► authorization servers ─► uplinks
///                each: intend (store) ─► call (camera) ─► record (store)
/// </code>
/// </summary>
internal sealed partial class CameraSetUp(
    ShareInHand hand, CameraSession session, OnvifOptions options, PromisedCamera? promised, IReadOnlyCollection<string> ofSameCloud, IReadOnlyList<OtherObject> ofOthers)
{
    private CameraView _view = null!;

    private DeviceConfiguration Wanted => hand.Configuration;

    /// <summary>Works as far as it goes.</summary>
    /// <returns>Why it stops; null: the camera is configured.</returns>
    public async Task<TurnEnd?> RunAsync(CancellationToken cancellationToken)
    {
        if (await session.OpenAsync(cancellationToken) is { } closed) return closed;
        var (view, end) = await session.ViewAsync(cancellationToken);
        if (end is not null) return end;
        _view = view!;

        // Only now: a camera that comes and goes without a word changes nothing for its owner.
        if (hand.Share.State == ShareState.Waiting) await hand.WriteAsync((_, share) => (share.State, share.Reason) = (ShareState.Configuring, null), null, null, cancellationToken);

        // Room is judged before anything is made: after that it is the camera's word that counts.
        var refusal = hand.Objects.Count == 0
            ? CameraFitness.Judge(options, hand.Camera, promised, _view, Wanted, ofSameCloud).Refusal
            : CameraFitness.Other(hand.Camera, promised, _view.Information) ?? CameraFitness.Addresses(options, _view.Uplinks, Wanted, ofSameCloud);
        if (refusal is not null) return TurnEnd.Fail(refusal);
        return await AnchorsAsync(cancellationToken) ?? await PoliciesAsync(cancellationToken) ?? await KeyAsync(cancellationToken) ?? await RequestAsync(cancellationToken)
            ?? await ServersAsync(cancellationToken) ?? await UplinksAsync(cancellationToken);
    }

    /// <summary>What an anchor is called among the records and on the camera: policy and anchor, from 1.</summary>
    public static string AnchorName(int policy, int anchor) => $"{policy + 1}.{anchor + 1}";

    private async Task<TurnEnd?> AnchorsAsync(CancellationToken cancellationToken)
    {
        for (var policy = 0; policy < Wanted.CertPathValidationPolicies.Count; policy++)
        {
            // A policy that is on the camera has its anchors.
            if (hand.Find(CameraObjectKind.Policy, Wanted.CertPathValidationPolicies[policy].Alias) is { Handle: not null }) continue;
            var anchors = Wanted.CertPathValidationPolicies[policy].TrustAnchors;
            var isOne = false;
            for (var anchor = 0; anchor < anchors.Count; anchor++)
            {
                var end = await AnchorAsync(AnchorName(policy, anchor), anchors[anchor], cancellationToken);
                if (end is not null) return end;
                isOne |= hand.Find(CameraObjectKind.Certificate, AnchorName(policy, anchor)) is not null;
            }

            if (!isOne) return TurnEnd.Fail($"The camera takes none of the trust anchors of {Wanted.CertPathValidationPolicies[policy].Alias}.");
        }

        return null;
    }

    private async Task<TurnEnd?> AnchorAsync(string name, byte[] anchor, CancellationToken cancellationToken)
    {
        var known = hand.Find(CameraObjectKind.Certificate, name);
        if (known?.Handle is not null || hand.IsLogged("SkipTrustAnchor", name)) return null;
        var alias = $"{hand.Mark} {name}";
        if (known is not null && _view.Certificates.FirstOrDefault(one => one.Alias == alias) is { } recovered)
        {
            await RecordAnchorAsync(name, new UploadedCertificate(recovered.CertificateId, recovered.KeyId), _view.IsKeyOf(recovered), cancellationToken);
            return null;
        }

        // The same certificate may be in two policies, or of an earlier share: the keystore takes it once.
        if (Same(anchor, _view.Certificates) is { } there) return await ReuseAsync(there);
        await hand.IntendAsync(CameraObjectKind.Certificate, name, cancellationToken);
        var call = SecurityCalls.UploadCertificate(anchor, alias);
        var answer = await session.AskAsync(call, cancellationToken);
        if (answer.Outcome == CallOutcome.Done)
        {
            await RecordAnchorAsync(name, answer.Value!, answer.Value!.KeyId is { } linked && !_view.HasKey(linked), cancellationToken);
            _view = _view with { Certificates = [.. _view.Certificates, new StoredCertificate(answer.Value.CertificateId, answer.Value.KeyId, alias, anchor, HasPrivateKey: false)] };
            return null;
        }

        if (answer.Fault is { } fault && fault.Has("Duplicate"))
        {
            var all = await session.AskAsync(SecurityCalls.GetAllCertificates(), cancellationToken);
            if (all.Outcome != CallOutcome.Done) return TurnEnd.Of("GetAllCertificates", all);
            return Same(anchor, all.Value!) is { } duplicate ? await ReuseAsync(duplicate) : TurnEnd.Fail("The camera has a trust anchor already, and does not show it.");
        }

        if (answer.Fault is { } unsupported && (unsupported.Has("BadCertificate") || unsupported.Has("UnsupportedPublicKeyAlgorithm") || unsupported.Has("UnsupportedSignatureAlgorithm")))
        {
            await hand.ForgetAsync(hand.Find(CameraObjectKind.Certificate, name)!, "SkipTrustAnchor", cancellationToken);
            return null;
        }

        return TurnEnd.Of(call.Operation, answer);

        async Task<TurnEnd?> ReuseAsync(StoredCertificate found)
        {
            // What an earlier turn of this share made carries its mark, whatever was recorded.
            var isOurs = found.Alias?.StartsWith(hand.Mark, StringComparison.Ordinal) == true && hand.Objects.TrueForAll(one => one.Kind != CameraObjectKind.Certificate || one.Handle != found.CertificateId);
            if (found.KeyId is { } key)
                await hand.RecordAsync(new CameraObject { ShareId = hand.Share.Id, Kind = CameraObjectKind.CertificateKey, Name = name, Handle = key, IsOurs = isOurs && _view.IsKeyOf(found) }, null, cancellationToken);
            await hand.RecordAsync(new CameraObject { ShareId = hand.Share.Id, Kind = CameraObjectKind.Certificate, Name = name, Handle = found.CertificateId, IsOurs = isOurs }, null, cancellationToken);
            return null;
        }
    }

    private async Task RecordAnchorAsync(string name, UploadedCertificate uploaded, bool isKeyOurs, CancellationToken cancellationToken)
    {
        // The key first: a certificate that is recorded is not looked at again.
        if (uploaded.KeyId is { } key)
            await hand.RecordAsync(new CameraObject { ShareId = hand.Share.Id, Kind = CameraObjectKind.CertificateKey, Name = name, Handle = key, IsOurs = isKeyOurs }, null, cancellationToken);
        await hand.RecordAsync(
            new CameraObject { ShareId = hand.Share.Id, Kind = CameraObjectKind.Certificate, Name = name, Handle = uploaded.CertificateId, IsOurs = true }, "UploadCertificate", cancellationToken);
    }

    private async Task<TurnEnd?> PoliciesAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < Wanted.CertPathValidationPolicies.Count; i++)
        {
            var alias = Wanted.CertPathValidationPolicies[i].Alias;
            var known = hand.Find(CameraObjectKind.Policy, alias);
            if (known?.Handle is not null) continue;
            var policy = i;
            string[] anchors = [.. Enumerable.Range(0, Wanted.CertPathValidationPolicies[i].TrustAnchors.Count)
                .Select(anchor => hand.Find(CameraObjectKind.Certificate, AnchorName(policy, anchor))?.Handle).OfType<string>().Distinct(StringComparer.Ordinal)];

            // Reused only with the same alias and the same anchors. One that came after it was intended is this share's: its answer was lost.
            if (_view.Policies.FirstOrDefault(one => IsSame(one, alias, anchors)) is { } there)
            {
                await hand.RecordAsync(
                    new CameraObject { ShareId = hand.Share.Id, Kind = CameraObjectKind.Policy, Name = alias, Handle = there.PolicyId, IsOurs = known is not null },
                    known is null ? null : "CreateCertPathValidationPolicy",
                    cancellationToken);
                continue;
            }

            await hand.IntendAsync(CameraObjectKind.Policy, alias, cancellationToken);
            var call = SecurityCalls.CreateCertPathValidationPolicy(alias, anchors);
            var answer = await session.AskAsync(call, cancellationToken);
            if (answer.Outcome != CallOutcome.Done) return TurnEnd.Of(call.Operation, answer);
            await hand.RecordAsync(new CameraObject { ShareId = hand.Share.Id, Kind = CameraObjectKind.Policy, Name = alias, Handle = answer.Value, IsOurs = true }, call.Operation, cancellationToken);
        }

        return null;
    }

    public static bool IsSame(StoredPolicy policy, string alias, IEnumerable<string> anchors) => policy.Alias == alias.Trim() && policy.CertificateIds.ToHashSet(StringComparer.Ordinal).SetEquals(anchors);

    private static StoredCertificate? Same(byte[] anchor, IEnumerable<StoredCertificate> certificates) => certificates.FirstOrDefault(one => one.Content.AsSpan().SequenceEqual(anchor));
}
