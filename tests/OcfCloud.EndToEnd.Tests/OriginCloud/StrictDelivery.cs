namespace OcfCloud.EndToEnd.OriginCloud;

/// <summary>One attempt of the strict target to deliver an event; status 0: no answer.</summary>
internal sealed record StrictDelivery(Guid Subscription, long Number, string Type, int Status);
