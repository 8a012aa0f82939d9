using System.Text.Json.Serialization;

namespace OcfCloud.Onvif.Enrolment;

/// <summary>The answer to an upgrade that has begun.</summary>
/// <param name="ExpectedDownTime">How long the camera will be away, an <c>xs:duration</c> in its own words.</param>
internal sealed record FirmwareUpgrade([property: JsonPropertyName("expectedDownTime")] string ExpectedDownTime);
