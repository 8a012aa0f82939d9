namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>The access token of a linked account as this process knows it.</summary>
/// <param name="Account">The account.</param>
/// <param name="LinkedCloud">Its cloud.</param>
/// <param name="State">How the account stands.</param>
/// <param name="Generation">Which token: <see cref="LinkedAccount.Generation"/>.</param>
/// <param name="Value">The token; null: the key ring that encrypted it is gone.</param>
/// <param name="ExpiresAt">When it ends; null: not said.</param>
internal sealed record AccountToken(Guid Account, Guid LinkedCloud, AccountState State, int Generation, string? Value, DateTimeOffset? ExpiresAt)
{
    /// <summary>The token as it is stored: tells whether it is another.</summary>
    public required byte[] Sealed { get; init; }

    /// <summary>Whether there is something to refresh it with.</summary>
    public bool CanBeRefreshed { get; init; }

    /// <summary>A device answered 401 although this token was fresh: another 401 of a device speaks of the device, and costs no refresh.</summary>
    public bool IsRefusedByDevice { get; init; }

    /// <summary>When it is to be refreshed; null: when it is refused, or has ended.</summary>
    public DateTimeOffset? RefreshAt { get; init; }

    /// <summary>When the store said so.</summary>
    public DateTimeOffset ReadAt { get; init; }

    // It holds a secret.
    public override string ToString() => $"token {Generation} of account {Account}";
}
