using OcfCloud.Core.Devices;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>
/// An account of another cloud that a user linked. One a user and cloud counts; others of the same are <see cref="AccountState.Unlinking"/>.
/// Whoever works on it in the background (synchronisation, the inbox, unlinking) holds its lease: <see cref="WorkNode"/> until <see cref="WorkUntil"/>.
/// </summary>
internal sealed class LinkedAccount
{
    public const int MaxTroubleLength = 300;

    public Guid Id { get; init; }

    public UserId UserId { get; init; }

    public Guid LinkedCloudId { get; init; }

    public AccountState State { get; set; }

    /// <summary>What is wrong now, in words for the user; null: nothing.</summary>
    public string? Trouble { get; set; }

    /// <summary>Encrypted.</summary>
    public required byte[] AccessToken { get; set; }

    /// <summary>Encrypted; null where the other cloud gave none.</summary>
    public byte[]? RefreshToken { get; set; }

    /// <summary>When the access token ends; null: not said.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>What was granted.</summary>
    public required string Scope { get; set; }

    /// <summary>Rises with every refresh: whoever used an older token finds that there is a newer one.</summary>
    public int Generation { get; set; }

    /// <summary>Which node is refreshing the tokens, and until when others leave it to that.</summary>
    public Guid? RefreshNode { get; set; }

    public DateTimeOffset? RefreshUntil { get; set; }

    public DateTimeOffset LinkedAt { get; init; }

    public DateTimeOffset? LastEventAt { get; set; }

    /// <summary>When all devices were last retrieved.</summary>
    public DateTimeOffset? LastSyncAt { get; set; }

    /// <summary>When there is work on it next: a retrieval, a subscription to make, unlinking. Null: nothing to do.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>All devices have to be retrieved anew: just linked, events were missed.</summary>
    public bool NeedsRetrieval { get; set; }

    /// <summary>Rises each time that it is asked for: a retrieval that was under way by then does not do.</summary>
    public int RetrievalsAsked { get; set; }

    /// <summary>Failed attempts of that work in a row.</summary>
    public int Failures { get; set; }

    public Guid? WorkNode { get; set; }

    public DateTimeOffset? WorkUntil { get; set; }
}
