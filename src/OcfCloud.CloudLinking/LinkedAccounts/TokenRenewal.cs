namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>What came of the refresh of an account's tokens.</summary>
/// <param name="Token">A newer token than the one that was used; null: there is none.</param>
internal sealed record TokenRenewal(AccountToken? Token)
{
    /// <summary>Whether the account has to be linked again.</summary>
    public bool IsRefused { get; init; }

    /// <summary>Why there is none, in words.</summary>
    public string? Words { get; init; }

    /// <summary>When it is worth to try again; null: not known.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
