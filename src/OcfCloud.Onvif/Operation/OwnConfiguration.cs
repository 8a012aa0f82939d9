using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Operation;

/// <summary>What this cloud asks another one to write into a camera: one authorization server, an uplink of each kind (the camera may know but one of them), one policy.</summary>
internal sealed class OwnConfiguration(IOptions<OnvifOptions> options)
{
    private readonly OnvifOptions _options = options.Value;

    /// <summary>Makes it. The same for the same share as long as the settings are: it may be sent again.</summary>
    /// <returns>Null where this cloud has no trust anchors to give, or takes no uplinks.</returns>
    public DeviceConfiguration? For(IncomingShare share, string token, string nonce)
    {
        var anchors = _options.TrustAnchors().Select(anchor => anchor.RawData).ToList();
        if (anchors.Count == 0 || !_options.HasUplink) return null;

        // Another set of anchors is another policy: the camera's owner would otherwise find two by one name.
        var alias = $"ocfcloud-{Convert.ToHexStringLower(SHA256.HashData([.. anchors.SelectMany(anchor => anchor)]).AsSpan(0, 8))}";
        return new DeviceConfiguration(
            token,
            [$"{_options.Xaddr}/deviceSharingCompleted/{nonce}"],
            [new UplinkConfiguration(_options.UplinkHttps, share.UserLevel, alias), new UplinkConfiguration(_options.UplinkWss, share.UserLevel, alias)],
            [new AuthorizationServerConfiguration(_options.ServerUri, share.ClientId, DeviceClientOptions.Scope, alias)],
            [new CertPathValidationPolicy(alias, anchors)]);
    }
}
