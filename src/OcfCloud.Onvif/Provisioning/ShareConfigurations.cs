using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>What belongs together in what was asked for.</summary>
internal static class ShareConfigurations
{
    /// <summary>Which authorization server configuration an uplink uses: the only one, else the one of the same place.</summary>
    public static int ServerOf(DeviceConfiguration configuration, int uplink) => configuration.AuthorizationServerConfigurations.Count == 1 ? 0 : uplink;
}
