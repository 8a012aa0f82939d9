using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>The random texts of a link: <c>state</c>, the code verifier (RFC 7636, 4.1), the value of the browser's cookie.</summary>
internal static class LinkSecrets
{
    private const int Bytes = 32;

    /// <summary>256 random bits in 43 characters that need no encoding anywhere.</summary>
    public static string Make() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Whether a text has the form of one.</summary>
    public static bool IsOne(string? text) => text is { Length: (Bytes * 4 / 3) + 1 } && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    /// <summary>What is kept of one.</summary>
    public static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>PKCE's S256 (RFC 7636, 4.2).</summary>
    public static string ChallengeOf(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}
