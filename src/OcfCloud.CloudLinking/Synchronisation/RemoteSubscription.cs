using OcfCloud.Core.Devices;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>A subscription of ours at another cloud; its events come to <c>/events/v1/{id}</c> with its id. Kept over restarts.</summary>
internal sealed class RemoteSubscription
{
    public const int MaxSubscriptionIdLength = 128;

    public Guid Id { get; init; }

    public Guid AccountId { get; init; }

    public SubscriptionLevel Level { get; init; }

    public DeviceId? DeviceId { get; init; }

    public string? Href { get; init; }

    /// <summary>Its id there; null until known. An event can come before the answer that says it.</summary>
    public string? SubscriptionId { get; set; }

    /// <summary>32 characters, encrypted.</summary>
    public required byte[] SigningSecret { get; init; }

    public RemoteSubscriptionState State { get; set; }

    /// <summary>The sequence number of the next event.</summary>
    public long NextSequence { get; set; }

    /// <summary>When it was made. Of one that is not <see cref="RemoteSubscriptionState.Live"/>: the other cloud is not asked before that; in between somebody may just be
    /// asking it.</summary>
    public DateTimeOffset MadeAt { get; set; }

    public DateTimeOffset? LastEventAt { get; set; }
}
