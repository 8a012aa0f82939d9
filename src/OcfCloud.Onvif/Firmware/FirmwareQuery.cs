using System.Text.Json.Serialization;

namespace OcfCloud.Onvif.Firmware;

/// <summary>The body of <c>getAvailableFWImages</c>, for the API document.</summary>
/// <param name="Model">The model as GetDeviceInformation says it.</param>
internal sealed record FirmwareQuery([property: JsonPropertyName("model")] string Model);
