using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OcfCloud.Core.Tokens;

/// <summary>A token that says nothing: 256 random bits as base64url, kept as its SHA-256.</summary>
/// <param name="Text">What its owner gets: 43 characters.</param>
/// <param name="Hash">What the store keeps: 32 bytes.</param>
public readonly record struct OpaqueToken(string Text, byte[] Hash)
{
    /// <summary>Characters that are looked at; a longer text is no token of ours.</summary>
    private const int MaxLength = 256;

    /// <summary>Makes a token.</summary>
    public static OpaqueToken New()
    {
        Span<byte> random = stackalloc byte[32];
        RandomNumberGenerator.Fill(random);
        var text = Base64Url.EncodeToString(random);
        return new OpaqueToken(text, HashOf(text));
    }

    /// <summary>The hash by which the store knows a token. A text that cannot be one of ours has a hash too: that of nothing stored.</summary>
    public static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text.Length <= MaxLength ? text : text[..MaxLength]));

    /// <summary>Whether two hashes are equal, in constant time.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => CryptographicOperations.FixedTimeEquals(left, right);
}
