namespace OcfCloud.Core.Directory;

/// <summary>A parameter of a link that the directory keeps and gives back without knowing it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value: exactly one encoded CBOR item.</param>
public readonly record struct LinkParameter(string Name, ReadOnlyMemory<byte> Value);
