using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Twins;

/// <summary>The last representation known of a resource.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="Href">The resource's path on it.</param>
/// <param name="Representation">Its bytes.</param>
/// <param name="ContentFormat">Their CoAP content format (10000, 60, 50).</param>
/// <param name="ChangedAt">Since when it is known to be so.</param>
public sealed record TwinRepresentation(DeviceId DeviceId, string Href, ReadOnlyMemory<byte> Representation, int ContentFormat, DateTimeOffset ChangedAt);
