using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;

namespace OcfCloud.Core.Subscriptions;

/// <summary>A subscription as it is stored. Its row is locked by whoever numbers, drops or ends; after user and device, before its <see cref="DeliveryRow"/>.</summary>
internal sealed class SubscriptionRow
{
    public Guid Id { get; init; }

    public UserId UserId { get; init; }

    public required string Client { get; init; }

    public SubscriptionLevel Level { get; init; }

    public DeviceId? DeviceId { get; init; }

    public string? Href { get; init; }

    /// <summary>The event types in the order asked for.</summary>
    public required EventKind[] Kinds { get; init; }

    public required string EventsUrl { get; init; }

    public required byte[] ProtectedSecret { get; init; }

    public NotificationEncoding Encoding { get; init; }

    public required string CorrelationId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public SubscriptionPhase Phase { get; set; }

    /// <summary>The number that the next notification gets.</summary>
    public long NextNumber { get; set; }

    /// <summary>The greatest outbox id of its device whose effect its first notifications tell already: that event is not told again.</summary>
    public long ToldUntil { get; set; }

    public SubscriptionTarget Target => new(DeviceId, Href);

    /// <summary>Whether its client may be told of its resource; names of devices and links are nobody's secret among a user's own.</summary>
    public bool IsAllowedBy(AccessRuleSet rules) =>
        DeviceId is not { } device || Href is not { } href
        || rules.Allows(AccessSubject.OfClient(Client), device, href, AccessOperations.Retrieve | AccessOperations.Notify);
}
