using System.Text.Json.Serialization;

namespace OcfCloud.Simulator.Mediators;

/// <summary>What the mediator API gives for one device to register with.</summary>
/// <param name="At">The one-time token.</param>
/// <param name="Apn">Name of the authorization provider.</param>
/// <param name="Cis">The cloud's device endpoint.</param>
/// <param name="Sid">The cloud's UUID.</param>
/// <param name="ExpiresIn">Lifetime of the one-time token, in seconds.</param>
internal sealed record DeviceToken(
    [property: JsonRequired] string At,
    string? Apn,
    [property: JsonRequired] string Cis,
    [property: JsonRequired] string Sid,
    [property: JsonPropertyName("expiresin")] long ExpiresIn);
