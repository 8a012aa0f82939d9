namespace OcfCloud.Identity.KeyRing;

/// <summary>An element of the key ring, as Data Protection wrote it.</summary>
internal sealed class KeyRingElement
{
    public int Id { get; init; }

    public required string FriendlyName { get; init; }

    public required string Xml { get; init; }
}
