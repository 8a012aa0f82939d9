using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Mediator;

/// <summary>What a mediator writes into a device's <c>oic.r.coapcloudconf</c>.</summary>
/// <param name="At">The one-time token that registers the device.</param>
/// <param name="Apn">The authorization provider's name.</param>
/// <param name="Cis">Where the device connects to, <c>coaps+tcp://host:port</c>.</param>
/// <param name="Sid">The cloud's UUID.</param>
/// <param name="ExpiresIn">How long the token is good, in seconds.</param>
internal sealed record DeviceToken(
    [property: JsonPropertyName("at")] string At,
    [property: JsonPropertyName("apn")] string Apn,
    [property: JsonPropertyName("cis")] string Cis,
    [property: JsonPropertyName("sid")] string Sid,
    [property: JsonPropertyName("expiresin")] long ExpiresIn);
