using System.Globalization;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Provisioning;

/// <content>Authorization servers and uplinks.</content>
internal sealed partial class CameraSetUp
{
    private const string LookAgain = "LookAgain";

    private async Task<TurnEnd?> ServersAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < Wanted.AuthorizationServerConfigurations.Count; i++)
        {
            var end = await ServerAsync(ServerName(i), Wanted.AuthorizationServerConfigurations[i], cancellationToken);
            if (end is not null) return end;
        }

        return null;
    }

    public static string ServerName(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);

    private async Task<TurnEnd?> ServerAsync(string name, AuthorizationServerConfiguration wanted, CancellationToken cancellationToken)
    {
        var known = hand.Find(CameraObjectKind.AuthorizationServer, name);
        if (known?.Handle is not null) return null;
        var data = new AuthorizationServerData(wanted.ServerUri, wanted.ClientId, wanted.Scope, Key!.Handle, PolicyOf(wanted.CertPathValidationPolicyAlias));
        var same = _view.AuthorizationServers.Where(one => one.Data.ServerUri == wanted.ServerUri && one.Data.ClientId == wanted.ClientId).ToList();
        if (known is not null && same.Find(one => one.Data.KeyId == data.KeyId) is { } recovered)
        {
            await RecordAsync(recovered.Token, hand.Find(CameraObjectKind.AuthorizationServerBefore, name) is null ? "CreateAuthorizationServerConfiguration" : "SetAuthorizationServerConfiguration");
            return null;
        }

        // A re-share: what an earlier share with the same cloud made gets the new key. What nobody here made is left alone, whatever it says.
        if (same.Find(one => ofOthers.Any(other => other.IsLive && other.ServerAuthority == hand.Share.ServerAuthority && other.Made.Kind == CameraObjectKind.AuthorizationServer && other.Made.Handle == one.Token)) is { } earlier)
        {
            if (hand.Find(CameraObjectKind.AuthorizationServerBefore, name) is null)
            {
                if (Before.Write(earlier) is not { } before) return TurnEnd.Fail("What the camera has of an earlier share cannot be kept, and so not be replaced.");
                await hand.RecordAsync(new CameraObject { ShareId = hand.Share.Id, Kind = CameraObjectKind.AuthorizationServerBefore, Name = name, Handle = before }, null, cancellationToken);
            }

            await hand.IntendAsync(CameraObjectKind.AuthorizationServer, name, cancellationToken);
            var set = SecurityCalls.SetAuthorizationServerConfiguration(earlier.Token, data);
            var changed = await session.AskAsync(set, cancellationToken);
            if (changed.Outcome != CallOutcome.Done) return TurnEnd.Of(set.Operation, changed);
            await RecordAsync(earlier.Token, set.Operation);
            return null;
        }

        await hand.IntendAsync(CameraObjectKind.AuthorizationServer, name, cancellationToken);
        var create = SecurityCalls.CreateAuthorizationServerConfiguration(data);
        var answer = await session.AskAsync(create, cancellationToken);
        if (answer.Outcome != CallOutcome.Done) return TurnEnd.Of(create.Operation, answer);
        await RecordAsync(answer.Value!, create.Operation);
        return null;

        Task RecordAsync(string token, string step) => hand.RecordAsync(
            new CameraObject { ShareId = hand.Share.Id, Kind = CameraObjectKind.AuthorizationServer, Name = name, Handle = token, IsOurs = true }, step, cancellationToken);
    }

    private async Task<TurnEnd?> UplinksAsync(CancellationToken cancellationToken)
    {
        var (isOne, isAdministrator) = (false, false);
        var held = _view.Uplinks.Count;
        for (var i = 0; i < Wanted.UplinkConfigurations.Count; i++)
        {
            var wanted = Wanted.UplinkConfigurations[i];
            var isNew = !_view.Uplinks.Any(one => RemoteAddresses.AreSame(one.RemoteAddress, wanted.RemoteAddress));
            var isSet = hand.Find(CameraObjectKind.Uplink, wanted.RemoteAddress) is { Handle: not null };
            if (!isSet)
            {
                // What the camera cannot take is left out: one is enough. What it refused is not offered again after a pause, or work that is often interrupted would not end.
                if (hand.IsLogged("SkipUplink", wanted.RemoteAddress)) continue;
                if (!CameraFitness.Supports(_view, wanted.RemoteAddress)) continue;
                if (isNew && held >= _view.UplinkCapabilities.MaxUplinks) continue;
                if (await UplinkAsync(wanted, hand.Find(CameraObjectKind.AuthorizationServer, ServerName(ShareConfigurations.ServerOf(Wanted, i)))!.Handle!, cancellationToken) is { } end) return end;
                isSet = hand.Find(CameraObjectKind.Uplink, wanted.RemoteAddress) is { Handle: not null };
                if (isSet && isNew) held++;
            }

            isOne |= isSet;
            isAdministrator |= isSet && wanted.UserLevel == UserLevel.Administrator;
        }

        if (!isOne) return TurnEnd.Fail("The camera took none of the uplinks.");
        return hand.Share.Mode == ShareMode.Transfer && !isAdministrator ? TurnEnd.Fail("The camera took no uplink by which the other cloud could manage it.") : null;
    }

    private async Task<TurnEnd?> UplinkAsync(UplinkConfiguration wanted, string server, CancellationToken cancellationToken)
    {
        var existing = Shown(_view.Uplinks, wanted);
        var isIntended = hand.Find(CameraObjectKind.Uplink, wanted.RemoteAddress) is not null;
        if (existing is not null && !isIntended)
        {
            if (Before.Write(existing) is not { } before) return TurnEnd.Fail("What the camera has of an earlier share cannot be kept, and so not be replaced.");
            await hand.RecordAsync(new CameraObject { ShareId = hand.Share.Id, Kind = CameraObjectKind.UplinkBefore, Name = wanted.RemoteAddress, Handle = before }, null, cancellationToken);
        }

        await hand.IntendAsync(CameraObjectKind.Uplink, wanted.RemoteAddress, cancellationToken);

        // One that is there is replaced under the spelling that the camera has: another spelling may be another entry to it.
        var address = existing?.RemoteAddress ?? wanted.RemoteAddress;
        var policy = PolicyOf(wanted.CertPathValidationPolicyAlias);
        var call = UplinkCalls.SetUplink(address, wanted.UserLevel.ToString(), policy, server);
        var answer = await session.AskAsync(call, cancellationToken);
        if (answer.Outcome == CallOutcome.Done) return await RecordAsync();
        if (answer.Fault is not { } fault) return TurnEnd.Of(call.Operation, answer);
        if ((fault.Has("CertPathValidationPolicyID") || fault.Has("AuthorizationServerConfigurationToken")) && !hand.Steps.Exists(step => step.Name == LookAgain))
            return await LookAgainAsync(wanted, server, cancellationToken);
        if (fault.Has("ProtocolNotSupported")) return await SkipAsync();
        if (fault.IsSender) return TurnEnd.Of(call.Operation, answer);

        // There is no fault for a camera that is full: one of its own counts as that, unless the entry is there for all that.
        var all = await session.AskAsync(UplinkCalls.GetUplinks(), cancellationToken);
        if (all.Outcome != CallOutcome.Done) return TurnEnd.Of("GetUplinks", all);
        if (Shown(all.Value!, wanted) is not { } shown) return await SkipAsync();
        var isSet = shown.AuthorizationServer == server && shown.PolicyId == policy && shown.UserLevels.Contains(wanted.UserLevel.ToString(), StringComparer.Ordinal);
        return isSet ? await RecordAsync() : TurnEnd.Of(call.Operation, answer);

        async Task<TurnEnd?> RecordAsync()
        {
            await hand.RecordAsync(
                new CameraObject { ShareId = hand.Share.Id, Kind = CameraObjectKind.Uplink, Name = wanted.RemoteAddress, Handle = address, IsOurs = true }, call.Operation, cancellationToken);
            return null;
        }

        async Task<TurnEnd?> SkipAsync()
        {
            await hand.ForgetAsync(hand.Find(CameraObjectKind.Uplink, wanted.RemoteAddress)!, "SkipUplink", cancellationToken);
            if (hand.Find(CameraObjectKind.UplinkBefore, wanted.RemoteAddress) is { } before) await hand.ForgetAsync(before, null, cancellationToken);
            return null;
        }
    }

    // Something that was made is not there any more: once, what is gone is made again, for the next turn begins with a look at the camera.
    private async Task<TurnEnd?> LookAgainAsync(UplinkConfiguration wanted, string server, CancellationToken cancellationToken)
    {
        var (view, end) = await session.ViewAsync(cancellationToken);
        if (end is not null) return end;
        await hand.WriteAsync((_, _) => { }, LookAgain, wanted.RemoteAddress, cancellationToken);
        var gone = hand.Objects.Where(one =>
            (one.Kind == CameraObjectKind.AuthorizationServer && one.Handle == server && view!.AuthorizationServers.All(there => there.Token != server))
            || (one.Kind == CameraObjectKind.Policy && one.Name == wanted.CertPathValidationPolicyAlias && view!.Policies.All(there => there.PolicyId != one.Handle))).ToList();
        foreach (var one in gone) await hand.ForgetAsync(one, null, cancellationToken);
        return TurnEnd.Until(hand.Now);
    }

    private static UplinkEntry? Shown(IEnumerable<UplinkEntry> uplinks, UplinkConfiguration wanted) => uplinks.FirstOrDefault(one => RemoteAddresses.AreSame(one.RemoteAddress, wanted.RemoteAddress));

    private string PolicyOf(string alias) => hand.Find(CameraObjectKind.Policy, alias)!.Handle!;
}
