using System.Globalization;

namespace OcfCloud.Host.Settings;

/// <summary>A numbered list (<c>Key:0</c>, <c>Key:1</c>); empty where the operator gives none.</summary>
internal sealed class ListSetting<T>(string key, Func<string, Parsed<T>> parse, string meaning) : Setting(key, null, meaning)
{
    public override bool Owns(string configurationKey) =>
        configurationKey.Length > Key.Length + 1
        && configurationKey.StartsWith(Key, StringComparison.OrdinalIgnoreCase)
        && configurationKey[Key.Length] == ':'
        && int.TryParse(configurationKey.AsSpan(Key.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <summary>The values in the order of their numbers.</summary>
    /// <exception cref="SettingException">One of the values is none.</exception>
    public IReadOnlyList<T> Read(SettingsSource source)
    {
        var values = new List<T>();
        foreach (var (key, text) in source.Under(Key).Where(entry => Owns(entry.Key)).OrderBy(entry => int.Parse(entry.Key.AsSpan(Key.Length + 1), CultureInfo.InvariantCulture)))
        {
            var parsed = parse(text);
            values.Add(parsed.Refusal is null ? parsed.Value! : throw new SettingException(key, text, parsed.Refusal));
        }

        return values;
    }

    public override void Check(SettingsSource source) => Read(source);
}
