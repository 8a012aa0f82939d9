using System.Text.Json.Serialization;
using OcfCloud.Onvif.Cameras;

namespace OcfCloud.Onvif.Enrolment;

/// <summary>A camera as the API and the commands write it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ClientId">Its client id at the authorization server.</param>
/// <param name="Manufacturer">What it says of itself; null: it never connected.</param>
/// <param name="Model">What it says of itself.</param>
/// <param name="SerialNumber">What it says of itself.</param>
/// <param name="FirmwareVersion">What it says of itself.</param>
/// <param name="Status"><c>waiting</c>, <c>online</c>, <c>offline</c>, <c>quarantined</c> or <c>transferred</c>.</param>
/// <param name="Reason">Why it is quarantined.</param>
/// <param name="Connection">Its newest uplink; null: it is offline.</param>
public sealed record CameraDocument(
    [property: JsonPropertyName("id")] Guid Id,
    [property: JsonPropertyName("clientId")] string ClientId,
    [property: JsonPropertyName("manufacturer")] string? Manufacturer,
    [property: JsonPropertyName("model")] string? Model,
    [property: JsonPropertyName("serialNumber")] string? SerialNumber,
    [property: JsonPropertyName("firmwareVersion")] string? FirmwareVersion,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("reason")] string? Reason,
    [property: JsonPropertyName("connection")] CameraConnection? Connection)
{
    /// <summary>Writes a camera.</summary>
    public static CameraDocument Of(CameraSummary summary) => new(
        summary.Camera.Id,
        summary.Camera.ClientId,
        summary.Camera.Manufacturer,
        summary.Camera.Model,
        summary.Camera.SerialNumber,
        summary.Camera.FirmwareVersion,
        summary.Status,
        summary.Camera.Reason,
        summary.Connection is { } uplink ? new CameraConnection(CameraText.Of(uplink.Kind), uplink.Since) : null);
}
