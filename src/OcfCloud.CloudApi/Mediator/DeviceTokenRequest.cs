using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Mediator;

/// <summary>For which device a token is wanted.</summary>
/// <remarks>The body is read by hand: this is its shape for the API document.</remarks>
/// <param name="Di">The only device that the token will register; any where it is absent.</param>
internal sealed record DeviceTokenRequest([property: JsonPropertyName("di")] string? Di);
