using System.Text.Json.Serialization;
using OcfCloud.Identity.Http;

namespace OcfCloud.Onvif.Sharing;

/// <summary><c>uplinkConfiguration</c> of cloudintegration.yaml.</summary>
/// <param name="RemoteAddress">https or wss; the camera's key of an uplink.</param>
/// <param name="UserLevel">What requests that come by it may do.</param>
/// <param name="CertPathValidationPolicyAlias">Names one of the policies.</param>
[DocumentedSchema("uplinkConfiguration")]
internal sealed record UplinkConfiguration(
    [property: JsonPropertyName("remoteAddress")] string RemoteAddress,
    [property: JsonPropertyName("userLevel")] UserLevel UserLevel,
    [property: JsonPropertyName("certPathValidationPolicyAlias")] string CertPathValidationPolicyAlias);
