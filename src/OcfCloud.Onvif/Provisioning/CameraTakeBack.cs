using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>
/// Takes back what a share made on a camera, in the order in which nothing refers to what goes (onvif.md, 1.3 rb): uplinks, authorization servers, key, policies, certificates and their keys.
/// What another share uses stays, and becomes that one's; what an earlier share had is as it was.
/// </summary>
/// <param name="hand">The share.</param>
/// <param name="session">Its camera.</param>
/// <param name="ofOthers">What other shares use on the same camera.</param>
internal sealed class CameraTakeBack(ShareInHand hand, CameraSession session, IReadOnlyList<CameraObject> ofOthers)
{
    private CameraView? _view;

    /// <summary>Works as far as it goes.</summary>
    /// <returns>Why it stops; null: nothing of the share is on the camera any more.</returns>
    public async Task<TurnEnd?> RunAsync(CancellationToken cancellationToken)
    {
        if (hand.Objects.Count == 0) return null;
        if (await session.OpenAsync(cancellationToken) is { } closed) return closed;

        // Something was asked for, and the answer is not known: only the camera can say.
        if (hand.Objects.Exists(one => one.Handle is null))
        {
            var (view, end) = await session.ViewAsync(cancellationToken);
            if (end is not null) return end;
            _view = view;

            // The answer that was lost had the entry of the public key in it too.
            foreach (var made in hand.Objects.Where(one => one is { Kind: CameraObjectKind.Certificate, Handle: null, IsOurs: true }).ToList())
            {
                if (Marked(made)?.KeyId is { } key && hand.Find(CameraObjectKind.CertificateKey, made.Name) is null)
                    await hand.RecordAsync(new CameraObject { ShareId = made.ShareId, Kind = CameraObjectKind.CertificateKey, Name = made.Name, Handle = key, IsOurs = true }, null, cancellationToken);
            }
        }

        foreach (var made in hand.Objects.Where(one => !Before.Is(one)).OrderBy(one => one.Kind).ThenBy(one => one.Name, StringComparer.Ordinal).ToList())
        {
            if (await TakeBackAsync(made, cancellationToken) is { } end) return end;
        }

        foreach (var before in hand.Objects.ToList()) await hand.ForgetAsync(before, null, cancellationToken);
        return null;
    }

    private async Task<TurnEnd?> TakeBackAsync(CameraObject made, CancellationToken cancellationToken)
    {
        var handle = made.Handle ?? Lost(made);
        var others = handle is null ? [] : ofOthers.Where(one => one.Kind == made.Kind && one.Handle == handle && !Before.Is(one)).ToList();
        if (handle is null || !made.IsOurs)
        {
            await hand.ForgetAsync(made, null, cancellationToken);
            return null;
        }

        if (others.Count == 0) return await SendAsync(made, Deletion(made.Kind, handle), cancellationToken);
        var before = Before.Read(hand.Find(made.Kind, Before.NameFor(made.Name))?.Handle);
        if (before is not null && Restoration(made, handle, before) is { } restoration) return await SendAsync(made, restoration, cancellationToken);
        await GiveAsync(made, others[0], cancellationToken);
        return null;
    }

    private async Task<TurnEnd?> SendAsync(CameraObject made, SoapCall<Acknowledgement> call, CancellationToken cancellationToken)
    {
        var answer = await session.AskAsync(call, cancellationToken);
        if (answer.Outcome is CallOutcome.Offline or CallOutcome.NoAnswer) return TurnEnd.Of(call.Operation, answer);
        if (answer.Fault?.Has(FaultReading.NotAuthorized) == true) return TurnEnd.Of(call.Operation, answer);

        // ReferenceExists: somebody uses it, so it stays. Anything else says that it is not there.
        await hand.ForgetAsync(made, answer.Outcome == CallOutcome.Done ? call.Operation : $"{call.Operation} refused", cancellationToken);
        return null;
    }

    private Task GiveAsync(CameraObject made, CameraObject other, CancellationToken cancellationToken) => hand.WriteAsync(
        async (context, _, token) =>
        {
            await CameraObjects.GiveAsync(context, other, token);
            await CameraObjects.RemoveAsync(context, made, token);
        },
        null,
        null,
        cancellationToken);

    // By mark, by what it refers to, or by address: as when the work went on after a crash.
    private string? Lost(CameraObject made)
    {
        var view = _view!;
        switch (made.Kind)
        {
            case CameraObjectKind.Uplink:
                return view.Uplinks.FirstOrDefault(one => one.RemoteAddress == made.Name)?.RemoteAddress;
            case CameraObjectKind.AuthorizationServer:
                var key = hand.Objects.Find(one => one.Kind == CameraObjectKind.Key)?.Handle;
                return view.AuthorizationServers.FirstOrDefault(one => one.Data.KeyId is { } used && used == key)?.Token;
            case CameraObjectKind.Key:
                return view.Keys?.FirstOrDefault(one => one.Alias == hand.Mark)?.KeyId;
            case CameraObjectKind.Policy:
                return view.Policies.FirstOrDefault(one => CameraSetUp.IsSame(one, made.Name, AnchorsOf(made.Name)))?.PolicyId;
            case CameraObjectKind.Certificate:
                return Marked(made)?.CertificateId;
            default:
                return Marked(made)?.KeyId;
        }
    }

    private StoredCertificate? Marked(CameraObject made) => _view!.Certificates.FirstOrDefault(one => one.Alias == $"{hand.Mark} {made.Name}");

    private IEnumerable<string> AnchorsOf(string alias)
    {
        var policies = hand.Configuration.CertPathValidationPolicies;
        for (var i = 0; i < policies.Count; i++)
        {
            if (policies[i].Alias != alias) continue;
            for (var anchor = 0; anchor < policies[i].TrustAnchors.Count; anchor++)
            {
                if (hand.Find(CameraObjectKind.Certificate, CameraSetUp.AnchorName(i, anchor))?.Handle is { } handle) yield return handle;
            }
        }
    }

    private static SoapCall<Acknowledgement> Deletion(CameraObjectKind kind, string handle) => kind switch
    {
        CameraObjectKind.Uplink => UplinkCalls.DeleteUplink(handle),
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

        var index = int.Parse(made.Name, System.Globalization.CultureInfo.InvariantCulture) - 1;
        var wanted = hand.Configuration.AuthorizationServerConfigurations[index];
        return SecurityCalls.SetAuthorizationServerConfiguration(handle, new AuthorizationServerData(wanted.ServerUri, wanted.ClientId, before.Scope, before.KeyId, before.PolicyId));
    }
}
