using System.Text.Json.Serialization;

namespace OcfCloud.Onvif.Enrolment;

/// <summary>An uplink as the API writes it.</summary>
/// <param name="Kind"><c>https</c> or <c>wss</c>.</param>
/// <param name="Since">When it was opened.</param>
public sealed record CameraConnection([property: JsonPropertyName("kind")] string Kind, [property: JsonPropertyName("since")] DateTimeOffset Since);
