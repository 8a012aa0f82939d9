using System.Text.Json.Serialization;
using OcfCloud.Identity.Http;

namespace OcfCloud.Onvif.Sharing;

/// <summary><c>authorizationServerConfiguration</c> of cloudintegration.yaml.</summary>
/// <param name="ServerUri">The full URI of the metadata document.</param>
/// <param name="ClientId">Who the camera is there.</param>
/// <param name="Scope">What it asks for; null: nothing.</param>
/// <param name="CertPathValidationPolicyAlias">Names one of the policies.</param>
[DocumentedSchema("authorizationServerConfiguration")]
internal sealed record AuthorizationServerConfiguration(
    [property: JsonPropertyName("serverUri")] string ServerUri,
    [property: JsonPropertyName("clientId")] string ClientId,
    [property: JsonPropertyName("scope"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Scope,
    [property: JsonPropertyName("certPathValidationPolicyAlias")] string CertPathValidationPolicyAlias);
