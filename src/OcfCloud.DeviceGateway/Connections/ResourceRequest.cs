using OcfCloud.Coap;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>A request that waits for its turn.</summary>
/// <param name="Target">What it is for.</param>
/// <param name="Message">The request.</param>
internal readonly record struct ResourceRequest(RequestTarget Target, CoapMessage Message);
