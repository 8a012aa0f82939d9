using OcfCloud.Core.Events;

namespace OcfCloud.Core.Subscriptions;

/// <summary>What a sender has to know and to keep of a subscription, in a row of its own: it changes with every attempt.</summary>
internal sealed class DeliveryRow
{
    public Guid SubscriptionId { get; init; }

    /// <summary>The number of the oldest notification that waits; the subscription's next number where none does.</summary>
    public long Oldest { get; set; }

    /// <summary>When the next attempt is to be made; null = nothing waits.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }

    /// <summary>From when on it may be claimed: the next attempt, or while it is claimed the end of the claim; null = nothing waits.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>The node that claimed it; null = none.</summary>
    public Guid? Owner { get; set; }

    /// <summary>The number of the last claim.</summary>
    public long Claim { get; set; }

    /// <summary>The number of the first notification of the last claim.</summary>
    public long ClaimedFrom { get; set; }

    /// <summary>Failed attempts in a row of the oldest one.</summary>
    public int FailedAttempts { get; set; }

    public DateTimeOffset? FirstFailedAt { get; set; }

    public string? LastFailure { get; set; }

    public long? DeliveredNumber { get; set; }

    public EventKind? DeliveredKind { get; set; }

    public DateTimeOffset? DeliveredAt { get; set; }

    /// <summary>Something waits from now on; one that waits already keeps its turn.</summary>
    public void Wake(DateTimeOffset now)
    {
        DueAt ??= now;
        NextAttemptAt ??= now;
    }

    /// <summary>Gives the claim back.</summary>
    /// <param name="next">When the next attempt is due; null = nothing waits.</param>
    public void Release(DateTimeOffset? next)
    {
        Owner = null;
        DueAt = NextAttemptAt = next;
    }

    /// <summary>What is before a number is not told any more. What a sender has claimed stays claimed until it says what came of it.</summary>
    /// <param name="until">The number of the first that is still told.</param>
    /// <param name="next">When that one is due; null = it is not there yet.</param>
    /// <returns>Whether anything waited before it.</returns>
    public bool Drop(long until, DateTimeOffset? next)
    {
        if (Oldest >= until) return false;
        Oldest = until;
        if (Owner is null) Release(next);
        return true;
    }

    /// <summary>The oldest is another one than the one that failed.</summary>
    public void ForgetFailures()
    {
        FailedAttempts = 0;
        FirstFailedAt = null;
        LastFailure = null;
    }
}
