using System.Diagnostics.CodeAnalysis;

namespace OcfCloud.Identity.Tokens;

/// <summary>What a token is good for: scope tokens in the form of RFC 6749, 3.3.</summary>
public sealed class ScopeSet
{
    /// <summary>Adding devices to the user's account (the mediator API).</summary>
    public const string Mediator = "mediator";

    /// <summary>The user's cameras: enrolling, sharing, taking in (the cameras API).</summary>
    public const string Cameras = "cameras";

    private const int MaxLength = 1024;

    private readonly string[] _scopes;

    private ScopeSet(string[] scopes) => _scopes = scopes;

    /// <summary>The scope <c>mediator</c> alone.</summary>
    public static ScopeSet MediatorAlone { get; } = new([Mediator]);

    /// <summary>Reads scopes separated by single spaces.</summary>
    /// <returns>False for an empty text, one over 1,024 characters, or one with characters that a scope may not have.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ScopeSet? scopes)
    {
        scopes = null;
        if (text is not { Length: > 0 and <= MaxLength })
        {
            return false;
        }

        var parts = text.Split(' ');
        if (parts.Any(part => part.Length == 0 || part.Any(character => character is not ((char)0x21 or (>= (char)0x23 and <= (char)0x5B) or (>= (char)0x5D and <= (char)0x7E)))))
        {
            return false;
        }

        scopes = new ScopeSet([.. parts.Distinct(StringComparer.Ordinal)]);
        return true;
    }

    /// <summary>Whether the scope is one of these.</summary>
    public bool Contains(string scope) => _scopes.Contains(scope, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', _scopes);
}
