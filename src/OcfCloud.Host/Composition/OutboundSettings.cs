using OcfCloud.Core.Outbound;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Composition;

/// <summary>The options of outgoing calls from the operator's settings.</summary>
internal static class OutboundSettings
{
    /// <summary>Reads them and the certificates that they name.</summary>
    /// <exception cref="SettingException">A file holds none.</exception>
    public static OutboundOptions Of(SettingsSource source)
    {
        var options = new OutboundOptions
        {
            MaxLookups = source.Read(CloudSettings.OutboundMaxLookups),
            ResolveTimeout = source.Read(CloudSettings.OutboundResolveTimeout),
            ConnectTimeout = source.Read(CloudSettings.OutboundConnectTimeout),
        };
        foreach (var network in source.Read(CloudSettings.OutboundAllowedNetworks)) options.AllowedNetworks.Add(network);
        options.TrustAnchors.AddRange(AuthorityFiles.Read(CloudSettings.OutboundTrustAnchors.Key, source.Read(CloudSettings.OutboundTrustAnchors)));
        return options;
    }
}
