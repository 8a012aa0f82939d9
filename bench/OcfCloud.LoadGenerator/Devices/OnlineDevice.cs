using OcfCloud.LoadGenerator.Connections;

namespace OcfCloud.LoadGenerator.Devices;

/// <summary>A device and the connection on which it is signed in.</summary>
/// <param name="Device">Who.</param>
/// <param name="Connection">Signed in, nothing in flight, nobody reads yet.</param>
internal sealed record OnlineDevice(Device Device, PeerConnection Connection);
