using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Mediator;

/// <summary>The proof of a registration.</summary>
/// <remarks>The body is read by hand: this is its shape for the API document.</remarks>
/// <param name="RefreshToken">The one that came last.</param>
internal sealed record TokenRefreshRequest([property: JsonPropertyName("refreshtoken")] string RefreshToken);
