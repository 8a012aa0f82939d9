namespace OcfCloud.CloudLinking.Tests.Synchronisation.Support;

/// <summary>A subscription that the target took.</summary>
internal sealed class TargetSubscription
{
    public required string Id { get; init; }

    /// <summary>The collection that it was made in: <c>/api/v1/devices/subscriptions</c>.</summary>
    public required string Path { get; init; }

    public required string EventsUrl { get; init; }

    public required string[] EventTypes { get; init; }

    public required string Secret { get; init; }

    /// <summary>The number of the next event.</summary>
    public long Next { get; set; }
}
