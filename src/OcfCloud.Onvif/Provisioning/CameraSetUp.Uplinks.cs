using System.Globalization;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Provisioning;

/// <content>Authorization servers and uplinks.</content>
internal sealed partial class CameraSetUp
{
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
            await RecordAsync(recovered.Token, hand.Find(CameraObjectKind.AuthorizationServer, Before.NameFor(name)) is null ? "CreateAuthorizationServerConfiguration" : "SetAuthorizationServerConfiguration");
            return null;
        }

        // A re-share: what an earlier share with the same cloud made gets the new key. What nobody here made is left alone, whatever it says.
        if (same.Find(one => ofOthers.Any(other => other.Kind == CameraObjectKind.AuthorizationServer && other.Handle == one.Token)) is { } earlier)
        {
            if (hand.Find(CameraObjectKind.AuthorizationServer, Before.NameFor(name)) is null)
            {
                if (Before.Write(earlier) is not { } before) return TurnEnd.Fail("What the camera has of an earlier share cannot be kept, and so not be replaced.");
                await hand.RecordAsync(new CameraObject { ShareId = hand.Share.Id, Kind = CameraObjectKind.AuthorizationServer, Name = Before.NameFor(name), Handle = before }, null, cancellationToken);
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
            var isNew = !_view.Uplinks.Any(one => one.RemoteAddress == wanted.RemoteAddress);
            var isSet = hand.Find(CameraObjectKind.Uplink, wanted.RemoteAddress) is { Handle: not null };
            if (!isSet)
            {
                // What the camera cannot take is left out: one is enough (onvif.md, 2.14). What it refused is not offered again after a pause, or work that is often interrupted would not end.
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
        var existing = _view.Uplinks.FirstOrDefault(one => one.RemoteAddress == wanted.RemoteAddress);
        var isIntended = hand.Find(CameraObjectKind.Uplink, wanted.RemoteAddress) is not null;
        if (existing is not null && !isIntended)
        {
            if (Before.Write(existing) is not { } before) return TurnEnd.Fail("What the camera has of an earlier share cannot be kept, and so not be replaced.");
            await hand.RecordAsync(new CameraObject { ShareId = hand.Share.Id, Kind = CameraObjectKind.Uplink, Name = Before.NameFor(wanted.RemoteAddress), Handle = before }, null, cancellationToken);
        }

        await hand.IntendAsync(CameraObjectKind.Uplink, wanted.RemoteAddress, cancellationToken);
        var call = UplinkCalls.SetUplink(wanted.RemoteAddress, wanted.UserLevel.ToString(), PolicyOf(wanted.CertPathValidationPolicyAlias), server);
        var answer = await session.AskAsync(call, cancellationToken);
        if (answer.Fault is { } stale && (stale.Has("CertPathValidationPolicyID") || stale.Has("AuthorizationServerConfigurationToken"))) answer = await session.AskAsync(call, cancellationToken);
        var made = new CameraObject { ShareId = hand.Share.Id, Kind = CameraObjectKind.Uplink, Name = wanted.RemoteAddress, Handle = wanted.RemoteAddress, IsOurs = true };
        if (answer.Outcome == CallOutcome.Done)
        {
            await hand.RecordAsync(made, call.Operation, cancellationToken);
            return null;
        }

        // There is no fault for a camera that is full (onvif.md, 2, settled details): one of its own counts as that.
        if (answer.Fault is { } fault && (fault.Has("ProtocolNotSupported") || !fault.IsSender))
        {
            await hand.ForgetAsync(made, "SkipUplink", cancellationToken);
            if (hand.Find(CameraObjectKind.Uplink, Before.NameFor(wanted.RemoteAddress)) is { } before) await hand.ForgetAsync(before, null, cancellationToken);
            return null;
        }

        return TurnEnd.Of(call.Operation, answer);
    }

    private string PolicyOf(string alias) => hand.Find(CameraObjectKind.Policy, alias)!.Handle!;
}
