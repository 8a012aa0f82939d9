namespace OcfCloud.Core.Mirrors;

/// <summary>The last representation that another cloud told of a resource that is observed there.</summary>
/// <param name="Representation">Its bytes, hrefs as they are on the device.</param>
/// <param name="ContentFormat">Their CoAP content format (10000, 60, 50).</param>
/// <param name="Version">Rises with every change.</param>
public sealed record MirroredValue(ReadOnlyMemory<byte> Representation, int ContentFormat, long Version);
