using System.Text.Json.Serialization;

namespace OcfCloud.Onvif.Enrolment;

/// <summary>The body that has a camera upgrade its firmware, for the API document.</summary>
/// <param name="Version">The version, as the camera's manufacturer names it.</param>
internal sealed record FirmwareUpgradeRequest([property: JsonPropertyName("version")] string Version);
