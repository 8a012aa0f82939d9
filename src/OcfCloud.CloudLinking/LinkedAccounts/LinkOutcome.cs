namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>What came of a link.</summary>
/// <param name="Refusal">Why nothing was linked, in words for the user; null: it was linked.</param>
/// <param name="Said">What the other cloud said of it, in its own words, short; null: nothing.</param>
public sealed record LinkOutcome(string? Refusal, string? Said = null)
{
    /// <summary>The cloud that the user was sent to; null: the answer belongs to no link that was begun.</summary>
    public string? Cloud { get; init; }

    /// <summary>The account was linked.</summary>
    public static LinkOutcome Linked { get; } = new((string?)null);
}
