using System.Globalization;
using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Provisioning;

/// <content>What was asked for, and of which no answer is known: by mark, by what it refers to, or by address, as when the work went on after a crash.</content>
internal sealed partial class CameraTakeBack
{
    private CameraView? _view;

    private async Task<TurnEnd?> FindLostAsync(CancellationToken cancellationToken)
    {
        if (!hand.Objects.Exists(one => one.Handle is null)) return null;
        var (view, end) = await session.ViewAsync(cancellationToken);
        if (end is not null) return end;
        _view = view;

        // The answer that was lost had the entry of the public key in it too.
        foreach (var made in hand.Objects.Where(one => one is { Kind: CameraObjectKind.Certificate, Handle: null, IsOurs: true }).ToList())
        {
            if (Marked(made) is not { KeyId: { } key } marked || hand.Find(CameraObjectKind.CertificateKey, made.Name) is not null) continue;
            await hand.RecordAsync(
                new CameraObject { ShareId = made.ShareId, Kind = CameraObjectKind.CertificateKey, Name = made.Name, Handle = key, IsOurs = _view!.IsKeyOf(marked) }, null, cancellationToken);
        }

        return null;
    }

    private string? Lost(CameraObject made)
    {
        var view = _view!;
        switch (made.Kind)
        {
            case CameraObjectKind.AuthorizationServer:
                var key = hand.Objects.Find(one => one.Kind == CameraObjectKind.Key)?.Handle;
                var wanted = hand.Configuration.AuthorizationServerConfigurations[IndexOf(made)];
                return view.AuthorizationServers.FirstOrDefault(one =>
                    one.Data.KeyId is { } used && used == key && one.Data.ServerUri == wanted.ServerUri && one.Data.ClientId == wanted.ClientId)?.Token;
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

    // Authorization servers are named by their place, from 1.
    private static int IndexOf(CameraObject server) => int.Parse(server.Name, CultureInfo.InvariantCulture) - 1;
}
