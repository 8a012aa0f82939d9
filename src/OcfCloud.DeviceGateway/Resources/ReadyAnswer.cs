using OcfCloud.Coap;

namespace OcfCloud.DeviceGateway.Resources;

/// <summary>An answer that is the same for everybody, made once: sending it allocates nothing.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Format">Content-Format of the payload.</param>
/// <param name="Payload">The payload.</param>
internal sealed record ReadyAnswer(CoapCode Code, int Format, byte[] Payload);
