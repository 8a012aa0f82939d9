using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Identity.KeyRing;

/// <summary>Where Data Protection keeps its keys, with which signing keys and cookies are encrypted.</summary>
public sealed class KeyRingOptions
{
    /// <summary>A folder of this machine; null = the store, for all nodes.</summary>
    public string? Folder { get; set; }

    /// <summary>The RSA certificate that wraps the keys in the store; null = they lie there as they are.</summary>
    public X509Certificate2? Certificate { get; set; }
}
