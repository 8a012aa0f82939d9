namespace OcfCloud.CloudLinking.EventReceiver;

/// <summary>An event that was confirmed and waits to be worked on.</summary>
internal sealed class InboxEvent
{
    public Guid RemoteSubscriptionId { get; init; }

    public long SequenceNumber { get; init; }

    /// <summary>For what is due to be found by account.</summary>
    public Guid AccountId { get; init; }

    public required string EventType { get; init; }

    public string? ContentType { get; init; }

    public required byte[] Body { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }
}
