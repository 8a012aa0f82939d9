using OcfCloud.Core.Certificates;
namespace OcfCloud.DeviceGateway.Tls;

/// <summary>A revocation list whose signature was good.</summary>
/// <param name="Digest">Of its encoding: two readings of one list are equal by it.</param>
/// <param name="Issuer">Who signed it, and so issued what it names.</param>
/// <param name="IssuerName">The issuer's name, for logs.</param>
/// <param name="Scope">Which part of the issuer's certificates it speaks of (its issuing distribution point, in hexadecimal digits); empty for all of them.</param>
/// <param name="ThisUpdate">When it was made.</param>
/// <param name="NextUpdate">When its issuer promised another one.</param>
/// <param name="Serials">The revoked, as <see cref="IssuedCertificate.Digits"/> writes them.</param>
internal sealed record RevocationList(
    Sha256Digest Digest,
    IssuerKey Issuer,
    string IssuerName,
    string Scope,
    DateTimeOffset ThisUpdate,
    DateTimeOffset? NextUpdate,
    IReadOnlySet<string> Serials);
