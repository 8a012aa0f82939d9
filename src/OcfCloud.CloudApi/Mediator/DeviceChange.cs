using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Mediator;

/// <summary>What of a device may be changed.</summary>
/// <remarks>The body is read by hand: this is its shape for the API document.</remarks>
/// <param name="Twin">Whether the last known values of its resources are kept.</param>
internal sealed record DeviceChange([property: JsonPropertyName("twin")] bool Twin);
