using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Subscriptions;

/// <summary>A subscription that this node claimed, with the oldest of its undelivered notifications.</summary>
/// <param name="Id">Its id.</param>
/// <param name="EventsUrl">Where they go.</param>
/// <param name="ProtectedSecret">The signing secret as the door encrypted it.</param>
/// <param name="CorrelationId">Sent with each.</param>
/// <param name="FailedAttempts">Failed attempts in a row of the first one.</param>
/// <param name="FirstFailedAt">When the first one failed first; null = not yet.</param>
/// <param name="Notifications">One to <see cref="SubscriptionOptions.MaxClaimedNotifications"/>, in order of number.</param>
public sealed record DueSubscription(
    Guid Id, string EventsUrl, byte[] ProtectedSecret, string CorrelationId, int FailedAttempts, DateTimeOffset? FirstFailedAt, IReadOnlyList<Notification> Notifications)
{
    /// <summary>Whose it is; with <see cref="Client"/> whom a sender's turns are shared among: a client may name as many hosts as it likes.</summary>
    public UserId User { get; init; }

    /// <summary>The client that made it (<see cref="NewSubscription.Client"/>).</summary>
    public string Client { get; init; } = "";

    /// <summary>The number of the claim; goes back in <see cref="DeliveryResult.Claim"/>.</summary>
    public long Claim { get; init; }

    /// <summary>When the claim runs out: no attempt is begun that may last longer.</summary>
    public DateTimeOffset ClaimedUntil { get; init; }

    /// <summary>When the subscription was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}
