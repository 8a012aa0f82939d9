namespace OcfCloud.Simulator.Payloads;

/// <summary>The one written form of a UUID in OCF: 8-4-4-4-12 hexadecimal digits.</summary>
internal static class OcfUuid
{
    /// <summary>Reads a UUID in any case; other forms that <see cref="Guid"/> takes (braces, spaces around it) are refused.</summary>
    public static bool TryParse(string? text, out Guid uuid)
    {
        uuid = Guid.Empty;
        return text is { Length: 36 } && Guid.TryParseExact(text, "D", out uuid);
    }

    /// <summary>Writes a UUID in lower case, as OCF compares it.</summary>
    public static string Format(Guid uuid) => uuid.ToString("D");
}
