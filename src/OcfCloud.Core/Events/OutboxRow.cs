using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Events;

/// <summary>An event that was committed with its state and waits for the dispatcher.</summary>
internal sealed class OutboxRow
{
    public long Id { get; init; }

    public EventKind Kind { get; init; }

    public UserId UserId { get; init; }

    public DeviceId? DeviceId { get; init; }

    /// <summary>For <see cref="EventKind.SubscriptionMade"/> and <see cref="EventKind.SubscriptionCancelled"/>: which.</summary>
    public Guid? SubscriptionId { get; init; }

    /// <summary>For <see cref="EventKind.ResourceContentChanged"/>: the resource's path on the device.</summary>
    public string? Href { get; init; }

    /// <summary>See <see cref="Hint.Session"/>.</summary>
    public long Session { get; init; }

    /// <summary>What a subscriber has to be told and the state does not say any more.</summary>
    public byte[]? Payload { get; init; }

    public DateTimeOffset At { get; init; }
}
