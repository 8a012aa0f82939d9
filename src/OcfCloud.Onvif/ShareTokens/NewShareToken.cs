using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using OcfCloud.Identity.Http;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.ShareTokens;

/// <summary>What a share token is to be for; all of it may be left out.</summary>
/// <param name="Mode"><c>share</c> (default) or <c>transfer</c>.</param>
/// <param name="UserLevel">The most that the other cloud may get: <c>Administrator</c> (default), <c>Operator</c> or <c>User</c>.</param>
/// <param name="Lifetime"><c>hh:mm:ss</c>, at most 24 hours.</param>
/// <param name="Recipient">The only host, with its subdomains, that the other cloud may name.</param>
internal sealed record NewShareToken(
    [property: JsonPropertyName("mode")] string? Mode,
    [property: JsonPropertyName("userLevel")] string? UserLevel,
    [property: JsonPropertyName("lifetime")] string? Lifetime,
    [property: JsonPropertyName("recipient")] string? Recipient)
{
    private static readonly string[] DurationForms = [@"hh\:mm\:ss", @"d\.hh\:mm\:ss"];

    /// <summary>Reads a body, or none.</summary>
    /// <returns>The order, or the answer that refuses it.</returns>
    public static (ShareTokenOrder? Order, IResult? Problem) Read(JsonElement? json)
    {
        if (json is not { } body) return (new ShareTokenOrder(), null);
        if (body.ValueKind != JsonValueKind.Object) return (null, Problem.BadRequest("The body has to be an object."));
        if (!TryOptional(body, "mode", out var mode) || (mode is not null && SharingText.ModeOf(mode) is null)) return (null, Problem.BadField("mode", "mode has to be share or transfer."));
        if (!TryOptional(body, "userLevel", out var level) || (level is not null && SharingText.LevelOf(level) is null))
            return (null, Problem.BadField("userLevel", "userLevel has to be Administrator, Operator or User."));
        TimeSpan lifetime = default;
        if (!TryOptional(body, "lifetime", out var duration)
            || (duration is not null && !TryDuration(duration, out lifetime)))
        {
            return (null, Problem.BadField("lifetime", "lifetime has to be hh:mm:ss."));
        }

        if (!TryOptional(body, "recipient", out var recipient)) return (null, Problem.BadField("recipient", "recipient has to be the name of a host."));
        var order = new ShareTokenOrder { Recipient = recipient, Lifetime = duration is null ? null : lifetime };
        if (SharingText.ModeOf(mode) is { } knownMode) order = order with { Mode = knownMode };
        if (SharingText.LevelOf(level) is { } knownLevel) order = order with { UserLevel = knownLevel };
        return (order, null);
    }

    // The most that is allowed may be written as it is said: TimeSpan knows no hour 24.
    private static bool TryDuration(string text, out TimeSpan duration)
    {
        if (TimeSpan.TryParseExact(text, DurationForms, CultureInfo.InvariantCulture, TimeSpanStyles.None, out duration)) return true;
        if (text != "24:00:00") return false;
        duration = TimeSpan.FromDays(1);
        return true;
    }

    private static bool TryOptional(JsonElement body, string member, out string? text)
    {
        text = null;
        return !body.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null || JsonBody.TryText(value, out text);
    }
}
