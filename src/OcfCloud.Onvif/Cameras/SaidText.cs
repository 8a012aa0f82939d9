namespace OcfCloud.Onvif.Cameras;

/// <summary>What cameras say of themselves: kept cut to <see cref="Camera.MaxTextLength"/>, and compared as it is kept.</summary>
internal static class SaidText
{
    /// <summary>Cuts a text, never between the halves of one character.</summary>
    public static string Cut(string text)
    {
        if (text.Length <= Camera.MaxTextLength) return text;
        return text[..(char.IsHighSurrogate(text[Camera.MaxTextLength - 1]) ? Camera.MaxTextLength - 1 : Camera.MaxTextLength)];
    }

    /// <summary>Whether a text that is kept is what the camera says; ordinal.</summary>
    public static bool IsSame(string? kept, string said) => string.Equals(kept, Cut(said), StringComparison.Ordinal);
}
