namespace OcfCloud.Onvif.Firmware;

/// <summary>The rules of models and versions: texts that a camera says and takes.</summary>
public static class FirmwareText
{
    /// <summary>Says in words why a text cannot be one; null where it can.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="text">The text.</param>
    public static string? Refuse(string name, string text) => text switch
    {
        { Length: 0 or > FirmwareImage.MaxTextLength } => $"A {name} has 1 to {FirmwareImage.MaxTextLength} characters.",
        _ when text.Any(char.IsControl) || text.Trim().Length != text.Length => $"A {name} holds no control characters and no space at an end.",
        _ => null,
    };
}
