using OcfCloud.Host.Files;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Composition;

/// <summary>Where cameras are told to open their uplinks.</summary>
internal static class PublicUplink
{
    /// <summary>The operator's, else the public URL's host with the port that the host got; null where the endpoint is off: there is nothing to connect to.</summary>
    public static Uri? Of(SettingsSource source, Uri publicUrl, int? port) =>
        source.Read(CloudSettings.PublicUplink) ?? (port is { } own ? new UriBuilder(Uri.UriSchemeHttps, publicUrl.Host, own).Uri : null);

    /// <summary>The same for a command: the port of a host that runs is in its <c>host.json</c>.</summary>
    public static Uri? ForCommands(SettingsSource source, DataFolder data) => Of(
        source,
        PublicUrl.ForCommands(source, data),
        HostFile.TryRead(data.HostFile)?.Uplink is { } running ? new Uri(running).Port : source.Read(CloudSettings.Uplink)?.Port);
}
