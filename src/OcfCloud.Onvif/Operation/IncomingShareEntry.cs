using System.Text.Json.Serialization;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Operation;

/// <summary>A camera that the user asks another cloud for.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State"><c>proposed</c>, <c>requesting</c>, <c>requested</c>, <c>completed</c>, <c>connected</c>, <c>quarantined</c>, <c>failed</c> or <c>timed-out</c>.</param>
/// <param name="Reason">Why it is there.</param>
/// <param name="Xaddr">Who is asked; from the token, which nobody has checked.</param>
/// <param name="Manufacturer">The token's promise.</param>
/// <param name="Model">The token's promise.</param>
/// <param name="SerialNumber">The token's promise.</param>
/// <param name="Mode"><c>share</c> or <c>transfer</c>; null where the token does not say.</param>
/// <param name="UserLevel">What is asked for.</param>
/// <param name="ClientId">The camera's client id here.</param>
/// <param name="CameraId">The camera, once its key is registered.</param>
/// <param name="Created">Since when.</param>
/// <param name="Deadline">When it is given up.</param>
internal sealed record IncomingShareEntry(
    [property: JsonPropertyName("id")] Guid Id,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("reason")] string? Reason,
    [property: JsonPropertyName("xaddr")] string Xaddr,
    [property: JsonPropertyName("manufacturer")] string Manufacturer,
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("serialNumber")] string SerialNumber,
    [property: JsonPropertyName("mode")] string? Mode,
    [property: JsonPropertyName("userLevel")] string UserLevel,
    [property: JsonPropertyName("clientId")] string ClientId,
    [property: JsonPropertyName("cameraId")] Guid? CameraId,
    [property: JsonPropertyName("created")] DateTimeOffset Created,
    [property: JsonPropertyName("deadline")] DateTimeOffset Deadline)
{
    public static IncomingShareEntry Of(IncomingShareSummary share) => new(
        share.Id, IncomingShareText.Of(share.State), share.Reason, share.Xaddr, share.Manufacturer, share.Model, share.SerialNumber,
        share.Mode is { } mode ? SharingText.Of(mode) : null, SharingText.Of(share.UserLevel), share.ClientId, share.CameraId, share.Created, share.Deadline);
}
