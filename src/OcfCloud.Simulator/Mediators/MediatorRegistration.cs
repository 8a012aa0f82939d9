using System.Text.Json.Serialization;

namespace OcfCloud.Simulator.Mediators;

/// <summary>What the mediator API gives at registration and refresh.</summary>
/// <param name="Uid">The cloud's id of the user; a refresh need not repeat it.</param>
/// <param name="AccessToken">Bearer token of the mediator API.</param>
/// <param name="RefreshToken">Gets the next pair.</param>
/// <param name="ExpiresIn">Lifetime of the access token, in seconds; -1 = never expires.</param>
internal sealed record MediatorRegistration(
    [property: JsonPropertyName("uid")] string? Uid,
    [property: JsonPropertyName("accesstoken"), JsonRequired] string AccessToken,
    [property: JsonPropertyName("refreshtoken"), JsonRequired] string RefreshToken,
    [property: JsonPropertyName("expiresin")] long ExpiresIn);
