namespace OcfCloud.EndToEnd.OriginCloud;

/// <summary>A subscription as the strict target has it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Level"><c>devices</c>, <c>device</c> or <c>resource</c>.</param>
/// <param name="Di">The device; null at the level of devices.</param>
/// <param name="Href">The resource's href on the device; null at the other levels.</param>
/// <param name="EventsUrl">Where its events go.</param>
/// <param name="Next">The number of the next event.</param>
/// <param name="Undelivered">Events that wait.</param>
internal sealed record StrictSubscription(Guid Id, string Level, Guid? Di, string? Href, Uri EventsUrl, long Next, int Undelivered);
