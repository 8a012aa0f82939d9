using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Tests.Docs;

public sealed class SettingsPageTests
{
    [Fact]
    public void The_page_lists_every_setting_with_its_default_and_meaning()
    {
        var rows = File.ReadAllLines(Path.Combine(Root(), "docs", "settings.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

        Assert.Equal(CloudSettings.All.Select(RowOf).Order(StringComparer.Ordinal), rows);
    }

    private static string RowOf(Setting setting)
    {
        var key = setting.GetType().GetGenericTypeDefinition() == typeof(ListSetting<>) ? $"{setting.Key}:N" : setting.Key;
        var defaultText = setting.DefaultText is { } text ? $"`{text}`" : "none";
        return $"| `{key}` | {defaultText} | {setting.Meaning} |";
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "OcfCloud.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
