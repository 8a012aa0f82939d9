using System.Text.Json.Serialization;

namespace OcfCloud.Onvif.ShareTokens;

/// <summary>A share token that was just issued.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ShareToken">The token; it is shown here only.</param>
/// <param name="Mode"><c>share</c> or <c>transfer</c>.</param>
/// <param name="UserLevel">The most that the other cloud may get.</param>
/// <param name="Expires">Good until.</param>
internal sealed record NewShareTokenAnswer(
    [property: JsonPropertyName("id")] Guid Id,
    [property: JsonPropertyName("shareToken")] string ShareToken,
    [property: JsonPropertyName("mode")] string Mode,
    [property: JsonPropertyName("userLevel")] string UserLevel,
    [property: JsonPropertyName("expires")] DateTimeOffset Expires);
