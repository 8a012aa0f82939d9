using System.Text.Json;

namespace OcfCloud.EndToEnd.OriginCloud;

/// <summary>What the strict target knows at a moment.</summary>
internal sealed class StrictState(JsonElement state)
{
    /// <summary>Breaches of the document; none from a good Origin.</summary>
    public IReadOnlyList<string> Refused => TextsOf("refused");

    /// <summary>Negative answers that nobody is to blame for: an expired token, an offline device.</summary>
    public IReadOnlyList<string> Declined => TextsOf("declined");

    public IReadOnlyList<StrictSubscription> Subscriptions => state.GetProperty("subscriptions").Deserialize<List<StrictSubscription>>(JsonSerializerOptions.Web)!;

    /// <summary>Every attempt to deliver an event.</summary>
    public IReadOnlyList<StrictDelivery> Deliveries => state.GetProperty("deliveries").Deserialize<List<StrictDelivery>>(JsonSerializerOptions.Web)!;

    public int AccessTokens => state.GetProperty("tokens").GetProperty("AccessToken").GetInt32();

    public int RefreshTokens => state.GetProperty("tokens").GetProperty("RefreshToken").GetInt32();

    public int Grants => state.GetProperty("tokens").GetProperty("Grant").GetInt32();

    /// <summary>The most requests to the API that were open at once.</summary>
    public int MostInFlight => state.GetProperty("mostInFlight").GetInt32();

    /// <summary>The most bytes that one endless answer got rid of.</summary>
    public long EndlessBytes => state.GetProperty("endlessBytes").GetInt64();

    /// <summary>The last requests' URLs with their methods and statuses: <c>GET /api/v1/devices 200</c>.</summary>
    public IReadOnlyList<string> Requests =>
        [.. state.GetProperty("requests").EnumerateArray().Select(r => $"{r.GetProperty("method")} {r.GetProperty("url")} {r.GetProperty("status")}")];

    /// <summary>How many requests of a kind there were since the last reset: <c>GET devices</c>, <c>POST device subscription</c>, <c>token refresh_token</c>.</summary>
    public int CountOf(string kind) => state.GetProperty("counters").TryGetProperty(kind, out var count) ? count.GetInt32() : 0;

    /// <summary>A resource as the device has it.</summary>
    public JsonElement ResourceOf(Guid device, string href) =>
        state.GetProperty("devices").EnumerateArray().Single(d => d.GetProperty("di").GetGuid() == device).GetProperty("resources").GetProperty(href);

    public IReadOnlyList<Guid> Devices => [.. state.GetProperty("devices").EnumerateArray().Select(d => d.GetProperty("di").GetGuid())];

    private List<string> TextsOf(string name) => [.. state.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
}
