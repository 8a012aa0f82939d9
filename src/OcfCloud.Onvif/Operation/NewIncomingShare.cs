using System.Text.Json.Serialization;

namespace OcfCloud.Onvif.Operation;

/// <summary>A share token of another cloud.</summary>
/// <param name="ShareToken">The token.</param>
/// <param name="UserLevel">What is asked for: <c>Administrator</c>, <c>Operator</c> or <c>User</c>; else what the token offers.</param>
internal sealed record NewIncomingShare(
    [property: JsonPropertyName("shareToken")] string ShareToken,
    [property: JsonPropertyName("userLevel")] string? UserLevel);
