using System.Text.Json.Serialization;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.ShareTokens;

/// <summary>A share token in the list, without the token.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Mode"><c>share</c> or <c>transfer</c>.</param>
/// <param name="UserLevel">The most that the other cloud may get.</param>
/// <param name="Recipient">The only host that may be named; null: any.</param>
/// <param name="State"><c>open</c>, <c>used</c>, <c>revoked</c> or <c>expired</c>.</param>
/// <param name="Created">Since when.</param>
/// <param name="Expires">Good until.</param>
internal sealed record ShareTokenEntry(
    [property: JsonPropertyName("id")] Guid Id,
    [property: JsonPropertyName("mode")] string Mode,
    [property: JsonPropertyName("userLevel")] string UserLevel,
    [property: JsonPropertyName("recipient")] string? Recipient,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("created")] DateTimeOffset Created,
    [property: JsonPropertyName("expires")] DateTimeOffset Expires)
{
    public static ShareTokenEntry Of(ShareTokenSummary token) =>
        new(token.Id, SharingText.Of(token.Mode), SharingText.Of(token.UserLevel), token.Recipient, token.State, token.Created, token.Expires);
}
