using System.Security.Cryptography;

namespace OcfCloud.Identity.Users;

/// <summary>Passwords that this cloud makes itself.</summary>
public static class Password
{
    // Without the characters that are mistaken for one another when read from a screen.
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>Makes one of 20 characters, about 116 bits.</summary>
    public static string Make() => RandomNumberGenerator.GetString(Alphabet, 20);
}
