namespace OcfCloud.Core.Tokens;

/// <summary>An access token and a refresh token that were issued together, known by their hashes.</summary>
internal sealed class TokenGeneration
{
    public Guid FamilyId { get; init; }

    public int Number { get; init; }

    /// <summary>Whether a registration, not a refresh, issued it.</summary>
    public bool FromRegistration { get; init; }

    public GenerationState State { get; set; }

    /// <summary>Null for a mediator's, and when spent.</summary>
    public byte[]? AccessHash { get; set; }

    /// <summary>Null = never.</summary>
    public DateTimeOffset? AccessExpiresAt { get; init; }

    public required byte[] RefreshHash { get; init; }

    public TokenFamily Family { get; init; } = null!;
}
