using System.Text.Json.Serialization;
using OcfCloud.Identity.Http;

namespace OcfCloud.Onvif.Sharing;

/// <summary><c>startDeviceSharing</c> of cloudintegration.yaml.</summary>
/// <param name="DeviceConfigurations">One for each camera.</param>
[DocumentedSchema("startDeviceSharing")]
internal sealed record StartDeviceSharingBody([property: JsonPropertyName("deviceConfigurations")] IReadOnlyList<DeviceConfiguration> DeviceConfigurations);
