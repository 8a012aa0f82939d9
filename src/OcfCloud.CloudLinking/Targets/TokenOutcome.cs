namespace OcfCloud.CloudLinking.Targets;

/// <summary>What came of a token request: tokens, or why there are none.</summary>
/// <param name="Tokens">The tokens; null: there are none.</param>
internal sealed record TokenOutcome(ReceivedTokens? Tokens)
{
    /// <summary>The error code that the authorization server answered (RFC 6749, 5.2); null: it answered none, and it is worth to try again.</summary>
    public string? Error { get; init; }

    /// <summary>When it is worth to try again; null: not said.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Why, in words for the user.</summary>
    public string? Words { get; init; }
}
