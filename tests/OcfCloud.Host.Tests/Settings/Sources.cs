using Microsoft.Extensions.Configuration;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Tests.Settings;

internal static class Sources
{
    public static SettingsSource Development(params (string Key, string Value)[] settings) => Of("Development", settings);

    public static SettingsSource Production(params (string Key, string Value)[] settings) => Of("Production", settings);

    private static SettingsSource Of(string environment, (string Key, string Value)[] settings) => new(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build(),
        environment);
}
