using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace OcfCloud.Onvif.Sharing;

/// <summary>The forms in which clouds write share tokens: the compact JWS, or base64 of one (<c>format: byte</c> of cloudintegration.yaml).</summary>
public static class ShareTokenText
{
    /// <summary>Characters, in either form.</summary>
    public const int MaxLength = 8 * 1024;

    /// <summary>Finds the compact JWS in a text.</summary>
    /// <returns>Null where it holds none. Only the form is looked at.</returns>
    public static string? CompactOf(string text)
    {
        if (text.Length is 0 or > MaxLength) return null;
        if (IsCompact(text)) return text;
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length) || !Utf8.IsValid(bytes.AsSpan(0, length))) return null;
        var inner = Encoding.UTF8.GetString(bytes.AsSpan(0, length));
        return IsCompact(inner) ? inner : null;
    }

    /// <summary>SHA-256 of a compact JWS: what is kept of it.</summary>
    public static byte[] HashOf(string compact) => SHA256.HashData(Encoding.UTF8.GetBytes(compact));

    private static bool IsCompact(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 3 && Array.TrueForAll(parts, part => part.Length > 0 && part.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'));
    }
}
