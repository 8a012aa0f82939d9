using System.Text.Json.Nodes;
using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Cloud;

/// <summary>What a cloud gave at sign-up or refresh.</summary>
/// <param name="UserId">The cloud's id of the user.</param>
/// <param name="AccessToken">Opens sessions.</param>
/// <param name="RefreshToken">Gets the next pair.</param>
/// <param name="ExpiresAt">End of the access token; null = never.</param>
internal sealed record CloudTokens(string UserId, string AccessToken, string RefreshToken, DateTimeOffset? ExpiresAt)
{
    /// <summary>Reads the answer to a sign-up or a refresh.</summary>
    /// <param name="body">The representation.</param>
    /// <param name="userId">The user where the answer does not repeat it, as that to a refresh.</param>
    /// <param name="now">The time of the answer.</param>
    /// <returns>Null where something is missing or of another type.</returns>
    public static CloudTokens? From(JsonObject body, string? userId, DateTimeOffset now)
    {
        var uid = Text(body, "uid") ?? userId;
        return uid is { Length: > 0 } && Text(body, "accesstoken") is { Length: > 0 } access && Text(body, "refreshtoken") is { Length: > 0 } refresh
            && TryReadExpiry(body, now, out var expiresAt)
            ? new CloudTokens(uid, access, refresh, expiresAt)
            : null;
    }

    /// <summary>Reads <c>expiresin</c>: an integer in seconds, -1 = never.</summary>
    public static bool TryReadExpiry(JsonObject body, DateTimeOffset now, out DateTimeOffset? expiresAt)
    {
        expiresAt = null;
        if (!RepresentationCodec.TryGetInteger(body["expiresin"], out var seconds))
            return false;
        if (seconds >= 0)
            expiresAt = now + TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue));
        return true;
    }

    private static string? Text(JsonObject body, string name) =>
        body[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
