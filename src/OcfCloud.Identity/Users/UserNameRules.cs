using System.Text;
using Microsoft.AspNetCore.Identity;

namespace OcfCloud.Identity.Users;

/// <summary>What a user's name may be: 1 to 128 characters, no control characters, no space at an end; compared exactly.</summary>
/// <remarks>Exactly, as an external authority's claim can be the name: its subjects are case-sensitive (OpenID Connect Core, 2), and folding two of them into one user would give one the other's devices.</remarks>
internal sealed class UserNameRules : IUserValidator<User>, ILookupNormalizer
{
    public const int MaxLength = 128;

    /// <summary>The sentence that refuses a name, or null for a good one.</summary>
    public static string? Refuse(string? name) => name switch
    {
        null or "" => "A user's name is not empty.",
        { Length: > MaxLength } => $"A user's name has at most {MaxLength} characters.",
        _ when name.Trim().Length != name.Length => "A user's name does not begin or end with a space.",
        _ when name.Any(char.IsControl) => "A user's name holds no control characters.",
        _ when !IsWellFormed(name) => "A user's name is text in Unicode.",
        _ => null,
    };

    public async Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user)
    {
        if (Refuse(user.UserName) is { } refusal)
        {
            return IdentityResult.Failed(new IdentityError { Code = "BadUserName", Description = refusal });
        }

        var other = await manager.FindByNameAsync(user.UserName!);
        return other is null || other.Id == user.Id
            ? IdentityResult.Success
            : IdentityResult.Failed(UserStore.NameTaken(user.UserName!));
    }

    public string? NormalizeName(string? name) => name;

    public string? NormalizeEmail(string? email) => email;

    private static bool IsWellFormed(string name)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(name) > 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
