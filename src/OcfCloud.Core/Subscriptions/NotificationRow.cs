using OcfCloud.Core.Events;

namespace OcfCloud.Core.Subscriptions;

/// <summary>A notification that waits to be delivered.</summary>
internal sealed class NotificationRow
{
    public Guid SubscriptionId { get; init; }

    public long Number { get; init; }

    public EventKind Kind { get; init; }

    public DateTimeOffset At { get; init; }

    public string? ContentType { get; init; }

    public required byte[] Body { get; init; }
}
