using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Mediator;

/// <summary>A device of the user.</summary>
/// <param name="Di">The device's id.</param>
/// <param name="Name">What it calls itself; null where it has not said.</param>
/// <param name="Status"><c>online</c> or <c>offline</c>.</param>
/// <param name="LastSeen">When it was online last; null where it never was.</param>
/// <param name="Links">How many resources it publishes.</param>
/// <param name="Twin">Whether the last known values of its resources are kept.</param>
internal sealed record UserDevice(
    [property: JsonPropertyName("di")] string Di,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("lastSeen")] DateTimeOffset? LastSeen,
    [property: JsonPropertyName("links")] int Links,
    [property: JsonPropertyName("twin")] bool Twin);
