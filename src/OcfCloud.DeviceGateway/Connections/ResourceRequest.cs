using OcfCloud.Coap;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>A request that waits for its turn.</summary>
/// <param name="Target">What it is for.</param>
/// <param name="Message">The request.</param>
/// <param name="Bytes">What it takes in memory.</param>
internal readonly record struct ResourceRequest(RequestTarget Target, CoapMessage Message, int Bytes);
