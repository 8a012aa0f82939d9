namespace OcfCloud.Core.Certificates;

/// <summary>A peer's certificate with those between it and its anchor, once their signatures, usages and constraints have been found good.</summary>
/// <param name="NotBefore">Since when all of them are valid.</param>
/// <param name="NotAfter">Until when all of them are valid.</param>
/// <param name="Certificates">All that can be revoked: the leaf first, the anchor left out.</param>
public sealed record CertificatePath(DateTimeOffset NotBefore, DateTimeOffset NotAfter, IReadOnlyList<IssuedCertificate> Certificates)
{
    /// <summary>Whether none of them is too young or too old.</summary>
    public bool IsValidAt(DateTimeOffset time) => time >= NotBefore && time <= NotAfter;
}
