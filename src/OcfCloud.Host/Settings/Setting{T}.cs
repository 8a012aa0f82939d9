namespace OcfCloud.Host.Settings;

/// <summary>A setting of one value. A setting without a default is declared with a nullable type and reads as null.</summary>
internal sealed class Setting<T>(string key, Func<string, Parsed<T>> parse, string? defaultText, string meaning) : Setting(key, defaultText, meaning)
{
    /// <summary>The value, or the default.</summary>
    /// <exception cref="SettingException">The value is none.</exception>
    public T Read(SettingsSource source)
    {
        var text = source.Text(Key) ?? DefaultText;
        if (text is null)
        {
            return default!;
        }

        var parsed = parse(text);
        return parsed.Refusal is null ? parsed.Value! : throw new SettingException(Key, text, parsed.Refusal);
    }

    public override void Check(SettingsSource source) => Read(source);
}
