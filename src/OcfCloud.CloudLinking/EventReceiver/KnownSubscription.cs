using OcfCloud.CloudLinking.Synchronisation;

namespace OcfCloud.CloudLinking.EventReceiver;

/// <summary>A subscription that an event came for.</summary>
/// <param name="Row">Its row when the event came.</param>
/// <param name="IsFull">Whether too many events of its account wait.</param>
internal sealed record KnownSubscription(RemoteSubscription Row, bool IsFull);
