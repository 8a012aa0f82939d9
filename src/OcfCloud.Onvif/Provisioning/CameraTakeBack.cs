using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>
/// Takes back what a share made on a camera, in the order in which nothing refers to what goes: uplinks, authorization servers, key, policies, certificates and their keys.
/// What another share uses that is to stay stays, and becomes that one's; what an earlier share had is as it was.
/// <code>
///   look at the uplinks ─► delete, put back or give ─► look again: gone ─► the rest, each: Done, or the camera says that it is not there ─► forget
///                                                          └─► still there                └─► refused ─► stop: the turn is repeated
/// </code>
/// </summary>
/// <param name="hand">The share.</param>
/// <param name="session">Its camera.</param>
/// <param name="ofOthers">What other shares use on the same camera, or left there.</param>
internal sealed partial class CameraTakeBack(ShareInHand hand, CameraSession session, IReadOnlyList<OtherObject> ofOthers)
{
    private const string Refused = " refused";

    /// <summary>What stays on the camera, in words for the owner.</summary>
    /// <param name="steps">The share's.</param>
    /// <returns>Null: nothing.</returns>
    public static string? LeftThere(IEnumerable<ShareStep> steps)
    {
        var left = steps.Where(step => step.Name.EndsWith(Refused, StringComparison.Ordinal)).Select(step => step.Name["Delete".Length..^Refused.Length]).Distinct(StringComparer.Ordinal).ToList();
        return left.Count == 0 ? null : $"Something else on the camera uses what was made there, so that it stays: {string.Join(", ", left)}.";
    }

    /// <summary>Works as far as it goes.</summary>
    /// <returns>Why it stops; null: nothing of the share is on the camera any more.</returns>
    public async Task<TurnEnd?> RunAsync(CancellationToken cancellationToken)
    {
        if (hand.Objects.Count == 0) return null;
        if (await session.OpenAsync(cancellationToken) is { } closed) return closed;
        if (await FindLostAsync(cancellationToken) is { } unknown) return unknown;
        if (await UplinksAsync(cancellationToken) is { } standing) return standing;
        foreach (var made in hand.Objects.Where(one => one.Kind != CameraObjectKind.Uplink && !Before.Is(one)).OrderBy(one => one.Kind).ThenBy(one => one.Name, StringComparer.Ordinal).ToList())
        {
            if (await TakeBackAsync(made, cancellationToken) is { } end) return end;
        }

        foreach (var before in hand.Objects.ToList()) await hand.ForgetAsync(before, null, cancellationToken);
        return null;
    }

    // They are the access itself: known to be gone only when the camera does not show them.
    private async Task<TurnEnd?> UplinksAsync(CancellationToken cancellationToken)
    {
        var made = hand.Objects.Where(one => one.Kind == CameraObjectKind.Uplink).OrderBy(one => one.Name, StringComparer.Ordinal).ToList();
        if (made.Count == 0) return null;
        var (shown, end) = await ShownAsync(cancellationToken);
        if (end is not null) return end;
        foreach (var one in made)
        {
            if (await UplinkAsync(one, [.. shown!.Where(there => RemoteAddresses.AreSame(there.RemoteAddress, one.Name))], cancellationToken) is { } stop) return stop;
        }

        var deleted = hand.Objects.Where(one => one.Kind == CameraObjectKind.Uplink).ToList();
        if (deleted.Count == 0) return null;
        (shown, end) = await ShownAsync(cancellationToken);
        if (end is not null) return end;
        foreach (var one in deleted)
        {
            if (shown!.Any(there => RemoteAddresses.AreSame(there.RemoteAddress, one.Name))) return TurnEnd.Fail("The camera still has the other cloud's uplink.");
            await ForgetAsync(one, OfOthers(one, one.Name), "DeleteUplink", cancellationToken);
        }

        return null;
    }

    // Deleted ones stay recorded until it is seen that they are gone.
    private async Task<TurnEnd?> UplinkAsync(CameraObject made, List<UplinkEntry> there, CancellationToken cancellationToken)
    {
        var others = OfOthers(made, made.Name);
        if (there.Count == 0)
        {
            await ForgetAsync(made, others, null, cancellationToken);
            return null;
        }

        if (others.Exists(one => one.IsLive)) return await LeaveAsync(made, there[0].RemoteAddress, others, cancellationToken);
        foreach (var entry in there)
        {
            // In the spelling that the camera has: to some a different one is a different entry.
            var call = UplinkCalls.DeleteUplink(entry.RemoteAddress);
            var answer = await session.AskAsync(call, cancellationToken);
            if (answer.Outcome != CallOutcome.Done && answer.Fault?.Has("Address") != true) return TurnEnd.Of(call.Operation, answer);
        }

        return null;
    }

    private async Task<TurnEnd?> TakeBackAsync(CameraObject made, CancellationToken cancellationToken)
    {
        var handle = made.Handle ?? Lost(made);
        if (handle is null || !made.IsOurs)
        {
            await hand.ForgetAsync(made, null, cancellationToken);
            return null;
        }

        var others = OfOthers(made, handle);
        return others.Exists(one => one.IsLive) ? await LeaveAsync(made, handle, others, cancellationToken) : await DeleteAsync(made, handle, others, cancellationToken);
    }

    // Put back as an older share had it; a newer share's word is the newer one, and what it finds when it goes is what this one had found.
    private async Task<TurnEnd?> LeaveAsync(CameraObject made, string handle, List<OtherObject> others, CancellationToken cancellationToken)
    {
        var newer = others.Where(one => one.IsLive && one.CreatedAt > hand.Share.CreatedAt).MinBy(one => one.CreatedAt);
        var was = Before.KindOf(made.Kind) is { } kind ? hand.Find(kind, made.Name)?.Handle : null;
        if (newer is null && Before.Read(was) is { } before && Restoration(made, handle, before) is { } restoration)
        {
            var answer = await session.AskAsync(restoration, cancellationToken);
            if (answer.Outcome != CallOutcome.Done) return TurnEnd.Of(restoration.Operation, answer);
            await hand.ForgetAsync(made, restoration.Operation, cancellationToken);
            return null;
        }

        var heir = (newer ?? others.First(one => one.IsLive)).Made;
        await hand.WriteAsync(
            async (context, _, token) =>
            {
                await CameraObjects.GiveAsync(context, heir, token);
                if (newer is not null) await CameraObjects.SetBeforeAsync(context, heir, was, token);
                await CameraObjects.RemoveAsync(context, made, token);
            },
            null,
            null,
            cancellationToken);
        hand.Objects.Remove(made);
        return null;
    }

    private async Task<TurnEnd?> DeleteAsync(CameraObject made, string handle, List<OtherObject> dead, CancellationToken cancellationToken)
    {
        var call = Deletion(made.Kind, handle);
        var answer = await session.AskAsync(call, cancellationToken);
        if (answer.Outcome != CallOutcome.Done)
        {
            if (answer.Fault is not { } fault) return TurnEnd.Of(call.Operation, answer);
            if (fault.Has("ReferenceExists"))
            {
                // Somebody else uses it, so it stays.
                await hand.ForgetAsync(made, call.Operation + Refused, cancellationToken);
                return null;
            }

            if (fault.Has(FaultReading.NotAuthorized) || (!IsUnknown(made.Kind, fault) && await IsThereAsync(made.Kind, handle, cancellationToken))) return TurnEnd.Of(call.Operation, answer);
        }

        await ForgetAsync(made, dead, call.Operation, cancellationToken);
        return null;
    }

    // What is gone is gone for shares too that are over, or are being taken back.
    private async Task ForgetAsync(CameraObject made, List<OtherObject> others, string? step, CancellationToken cancellationToken)
    {
        if (others.Exists(one => !one.IsLive))
        {
            await hand.WriteAsync(
                async (context, _, token) =>
                {
                    foreach (var other in others.Where(one => !one.IsLive)) await CameraObjects.RemoveAsync(context, other.Made, token);
                },
                null,
                null,
                cancellationToken);
        }

        await hand.ForgetAsync(made, step, cancellationToken);
    }

    private List<OtherObject> OfOthers(CameraObject made, string handle) => [.. ofOthers.Where(one =>
        one.Made.Kind == made.Kind && (made.Kind == CameraObjectKind.Uplink ? RemoteAddresses.AreSame(one.Made.Name, handle) : one.Made.Handle == handle))];

    private async Task<(IReadOnlyList<UplinkEntry>? Uplinks, TurnEnd? End)> ShownAsync(CancellationToken cancellationToken)
    {
        var answer = await session.AskAsync(UplinkCalls.GetUplinks(), cancellationToken);
        return answer.Outcome == CallOutcome.Done ? (answer.Value, null) : (null, TurnEnd.Of("GetUplinks", answer));
    }

    // Cameras have their own words for an id that they do not know: their lists are clear. One that does not show its list may have it.
    private async Task<bool> IsThereAsync(CameraObjectKind kind, string handle, CancellationToken cancellationToken) => kind switch
    {
        CameraObjectKind.AuthorizationServer => (await session.AskAsync(SecurityCalls.GetAuthorizationServerConfigurations(), cancellationToken)).Value?.Any(one => one.Token == handle) != false,
        CameraObjectKind.Policy => (await session.AskAsync(SecurityCalls.GetAllCertPathValidationPolicies(), cancellationToken)).Value?.Any(one => one.PolicyId == handle) != false,
        CameraObjectKind.Certificate => (await session.AskAsync(SecurityCalls.GetAllCertificates(), cancellationToken)).Value?.Any(one => one.CertificateId == handle) != false,
        _ => (await session.AskAsync(SecurityCalls.GetAllKeys(), cancellationToken)).Value?.Any(one => one.KeyId == handle) != false,
    };

    private static bool IsUnknown(CameraObjectKind kind, SoapFault fault) => kind switch
    {
        CameraObjectKind.AuthorizationServer => fault.Has("AuthorizationServerConfigurationToken") || fault.Has("InvalidToken"),
        CameraObjectKind.Policy => fault.Has("CertPathValidationPolicyID"),
        CameraObjectKind.Certificate => fault.Has("CertificateID"),
        _ => fault.Has("KeyID"),
    };

    private static SoapCall<Acknowledgement> Deletion(CameraObjectKind kind, string handle) => kind switch
    {
        CameraObjectKind.AuthorizationServer => SecurityCalls.DeleteAuthorizationServerConfiguration(handle),
        CameraObjectKind.Policy => SecurityCalls.DeleteCertPathValidationPolicy(handle),
        CameraObjectKind.Certificate => SecurityCalls.DeleteCertificate(handle),
        _ => SecurityCalls.DeleteKey(handle),
    };

    private SoapCall<Acknowledgement>? Restoration(CameraObject made, string handle, Before before)
    {
        if (made.Kind == CameraObjectKind.Uplink)
        {
            return before is { UserLevel: { } level, PolicyId: { } policy, AuthorizationServer: { } server } ? UplinkCalls.SetUplink(handle, level, policy, server) : null;
        }

        var wanted = hand.Configuration.AuthorizationServerConfigurations[IndexOf(made)];
        return SecurityCalls.SetAuthorizationServerConfiguration(handle, new AuthorizationServerData(wanted.ServerUri, wanted.ClientId, before.Scope, before.KeyId, before.PolicyId));
    }
}
