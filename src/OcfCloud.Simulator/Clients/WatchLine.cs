using OcfCloud.Coap;

namespace OcfCloud.Simulator.Clients;

/// <summary>One thing that a watch saw: a representation, or a change of the device's state in words.</summary>
/// <param name="Notification">The representation.</param>
/// <param name="Words">The words.</param>
internal readonly record struct WatchLine(CoapMessage? Notification, string? Words = null);
