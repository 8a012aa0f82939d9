using System.Text.Json.Serialization;
using OcfCloud.Identity.Http;

namespace OcfCloud.Onvif.Sharing;

/// <summary><c>certPathValidationPolicy</c> of cloudintegration.yaml.</summary>
/// <param name="Alias">What the configurations name it by; verbatim on the camera.</param>
/// <param name="TrustAnchors">DER certificates.</param>
[DocumentedSchema("certPathValidationPolicy")]
internal sealed record CertPathValidationPolicy(
    [property: JsonPropertyName("alias")] string Alias,
    [property: JsonPropertyName("trustAnchors")] IReadOnlyList<byte[]> TrustAnchors);
