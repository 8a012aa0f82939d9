using System.Text.Json.Serialization;

namespace OcfCloud.Onvif.Enrolment;

/// <summary>The body that enrols a camera, for the API document.</summary>
/// <param name="CertificationRequest">Base64 of the DER PKCS#10 request that the camera's key made.</param>
internal sealed record CameraRequest([property: JsonPropertyName("csr")] string CertificationRequest);
