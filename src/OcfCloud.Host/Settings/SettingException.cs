namespace OcfCloud.Host.Settings;

/// <summary>A setting that stops the start or the command: its message is the one line that the operator reads, and names the key.</summary>
internal sealed class SettingException : Exception
{
    public SettingException(string key, string value, string refusal)
        : base($"{key}: \"{value}\" {refusal}")
    {
    }

    public SettingException(string key, string sentence)
        : base($"{key}: {sentence}")
    {
    }

    /// <summary>The setting's text, with its key, cannot be used: known only once the thing that it names was tried.</summary>
    public static SettingException Refused(Setting setting, SettingsSource source, string refusal) => source.Text(setting.Key) is { } text
        ? new SettingException(setting.Key, text, refusal)
        : new SettingException(setting.Key, refusal);
}
