using System.Text.Json;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>What was asked for, as it is kept with a share.</summary>
internal static class ShareConfigurations
{
    public static DeviceConfiguration Read(string json) =>
        JsonSerializer.Deserialize<DeviceConfiguration>(json) ?? throw new InvalidOperationException("A share has no configuration.");

    /// <summary>Host and port of the authorization server: two configurations with the same are of the same cloud.</summary>
    public static string AuthorityOf(DeviceConfiguration configuration)
    {
        var uri = new Uri(configuration.AuthorizationServerConfigurations[0].ServerUri);
        return $"{uri.IdnHost.ToLowerInvariant()}:{uri.Port}";
    }

    /// <summary>Which authorization server configuration an uplink uses: the only one, else the one of the same place (onvif.md, 2.9).</summary>
    public static int ServerOf(DeviceConfiguration configuration, int uplink) => configuration.AuthorizationServerConfigurations.Count == 1 ? 0 : uplink;
}
