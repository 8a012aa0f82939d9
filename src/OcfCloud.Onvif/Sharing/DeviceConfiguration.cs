using System.Text.Json.Serialization;
using OcfCloud.Identity.Http;

namespace OcfCloud.Onvif.Sharing;

/// <summary>What startDeviceSharing carries for one camera: <c>deviceConfiguration</c> of cloudintegration.yaml.</summary>
/// <param name="ShareToken">The token as it was sent.</param>
/// <param name="EndpointReferences">Where deviceSharingCompleted is sent to: the first that answers.</param>
/// <param name="UplinkConfigurations">The uplinks that the camera is to open.</param>
/// <param name="AuthorizationServerConfigurations">Where it gets its access tokens.</param>
/// <param name="CertPathValidationPolicies">How it checks the certificates of both.</param>
[DocumentedSchema("deviceConfiguration")]
internal sealed record DeviceConfiguration(
    [property: JsonPropertyName("shareToken")] string ShareToken,
    [property: JsonPropertyName("endpointReferences")] IReadOnlyList<string> EndpointReferences,
    [property: JsonPropertyName("uplinkConfigurations")] IReadOnlyList<UplinkConfiguration> UplinkConfigurations,
    [property: JsonPropertyName("authorizationServerConfigurations")] IReadOnlyList<AuthorizationServerConfiguration> AuthorizationServerConfigurations,
    [property: JsonPropertyName("certPathValidationPolicies")] IReadOnlyList<CertPathValidationPolicy> CertPathValidationPolicies);
