namespace OcfCloud.Host.Settings;

/// <summary>A key that this cloud knows.</summary>
internal abstract class Setting(string key, string? defaultText, string meaning)
{
    public string Key { get; } = key;

    /// <summary>The text used where the operator gives none; null where the setting is off by default.</summary>
    public string? DefaultText { get; } = defaultText;

    public string Meaning { get; } = meaning;

    /// <summary>Whether a configuration key with a value is this setting's.</summary>
    public virtual bool Owns(string configurationKey) => string.Equals(configurationKey, Key, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the value for its errors alone.</summary>
    /// <exception cref="SettingException">The value is none.</exception>
    public abstract void Check(SettingsSource source);
}
