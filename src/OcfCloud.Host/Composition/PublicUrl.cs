using System.Globalization;
using OcfCloud.Host.Files;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Composition;

/// <summary>What this cloud calls itself in tokens and links.</summary>
internal static class PublicUrl
{
    /// <summary>The operator's, else this machine's name for itself with the port that the host got.</summary>
    public static Uri Of(SettingsSource source, int httpsPort) =>
        source.Read(CloudSettings.PublicUrl) ?? new Uri($"https://localhost:{httpsPort.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>The same for a command: the port of a host that runs is in its <c>host.json</c>.</summary>
    public static Uri ForCommands(SettingsSource source, DataFolder data) =>
        source.Read(CloudSettings.PublicUrl) ?? HostFile.TryRead(data.HostFile)?.PublicUrl ?? Of(source, source.Read(CloudSettings.Https).Port);

    /// <summary>As it is written where other software compares it: without a trailing slash.</summary>
    public static string Written(Uri url) => url.GetLeftPart(UriPartial.Authority);
}
