using System.Text.Json.Serialization;

namespace OcfCloud.Onvif.Enrolment;

/// <summary>What a camera needs to connect: its owner, or the manufacturer's tool, sets it there.</summary>
/// <param name="Id">The camera's id here.</param>
/// <param name="ClientId">Its client id.</param>
/// <param name="ServerUri">The metadata document of the authorization server.</param>
/// <param name="Scope">What it asks for there.</param>
/// <param name="Uplinks">Where it opens its uplinks: the https address, then the wss one.</param>
/// <param name="TrustAnchors">What it checks this cloud's certificates with: PEM, one certificate each.</param>
public sealed record EnrolledCamera(
    [property: JsonPropertyName("id")] Guid Id,
    [property: JsonPropertyName("clientId")] string ClientId,
    [property: JsonPropertyName("serverUri")] string ServerUri,
    [property: JsonPropertyName("scope")] string Scope,
    [property: JsonPropertyName("uplinks")] IReadOnlyList<string> Uplinks,
    [property: JsonPropertyName("trustAnchors")] IReadOnlyList<string> TrustAnchors);
