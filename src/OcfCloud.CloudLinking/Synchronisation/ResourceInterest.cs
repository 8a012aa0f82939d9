namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>A node has clients that observe the resource of a subscription. Without any the subscription ends.</summary>
internal sealed class ResourceInterest
{
    public Guid RemoteSubscriptionId { get; init; }

    public Guid Node { get; init; }

    /// <summary>Renewed by the node while it has observers.</summary>
    public DateTimeOffset Until { get; set; }
}
