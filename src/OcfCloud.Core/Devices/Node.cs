namespace OcfCloud.Core.Devices;

/// <summary>A process that holds connections, and until when it is believed to live (by the store's clock).</summary>
internal sealed class Node
{
    public Guid Id { get; init; }

    public DateTimeOffset LeaseUntil { get; set; }
}
