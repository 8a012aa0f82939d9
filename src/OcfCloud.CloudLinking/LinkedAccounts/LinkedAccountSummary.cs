using OcfCloud.CloudLinking.LinkedClouds;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>A linked cloud as a user sees it.</summary>
/// <param name="Cloud">The cloud.</param>
/// <param name="State">How the user's account stands; null: none is linked.</param>
public sealed record LinkedAccountSummary(LinkedCloud Cloud, AccountState? State)
{
    /// <summary>Since when.</summary>
    public DateTimeOffset? LinkedAt { get; init; }

    /// <summary>When the cloud last told of an event; null: never.</summary>
    public DateTimeOffset? LastEventAt { get; init; }

    /// <summary>When all devices were last retrieved; null: never.</summary>
    public DateTimeOffset? LastRetrievalAt { get; init; }

    /// <summary>How many devices it has there.</summary>
    public int Devices { get; init; }

    /// <summary>What is wrong now, in words; null: nothing.</summary>
    public string? Trouble { get; init; }
}
