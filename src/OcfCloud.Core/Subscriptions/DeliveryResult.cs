namespace OcfCloud.Core.Subscriptions;

/// <summary>What came of a claimed subscription; gives the claim back.</summary>
/// <param name="Id">The subscription.</param>
/// <param name="Confirmed">The greatest number that was confirmed; null = none.</param>
/// <param name="Ending">How the attempts ended.</param>
/// <param name="NextAttemptAt">For <see cref="DeliveryEnding.Failed"/>: when to try again. For <see cref="DeliveryEnding.Continue"/>: what waits is not due before, where it was not tried at all.</param>
/// <param name="Failure">For <see cref="DeliveryEnding.Failed"/>: why, in words without anything secret, 200 characters at most.</param>
public sealed record DeliveryResult(Guid Id, long? Confirmed, DeliveryEnding Ending, DateTimeOffset? NextAttemptAt = null, string? Failure = null)
{
    /// <summary>Which claim (<see cref="DueSubscription.Claim"/>): what comes of one that ran out and was claimed again is ignored. Null = whichever this node holds.</summary>
    public long? Claim { get; init; }
}
