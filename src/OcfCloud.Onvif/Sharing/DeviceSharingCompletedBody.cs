using System.Text.Json.Serialization;
using OcfCloud.Identity.Http;

namespace OcfCloud.Onvif.Sharing;

/// <summary><c>deviceSharingCompleted</c> of cloudintegration.yaml.</summary>
/// <param name="ShareToken">The token as it came in startDeviceSharing, byte for byte.</param>
/// <param name="DevicePublicKey">The camera's PKCS#10 request, DER.</param>
[DocumentedSchema("deviceSharingCompleted")]
internal sealed record DeviceSharingCompletedBody(
    [property: JsonPropertyName("shareToken")] string ShareToken,
    [property: JsonPropertyName("devicePublicKey")] byte[] DevicePublicKey);
