using System.Globalization;
using System.Text;
using System.Text.Json;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Requests;

namespace OcfCloud.CloudLinking.RemoteRequests;

/// <summary>What another cloud answered, as a device of this one would have (cloud-to-cloud.md, 2).</summary>
internal static class RemoteAnswers
{
    private const int Valid = 203, Content = 205, NotAcceptable = 406, BadGateway = 502, ServiceUnavailable = 503, GatewayTimeout = 504;

    // Characters of the other cloud's own words, and bytes of a body that are looked at for them.
    private const int MaxWords = 200, MaxProblem = 65_536;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5), MinRetryAfter = TimeSpan.FromSeconds(1), MaxRetryAfter = TimeSpan.FromHours(1);

    /// <summary>Makes the answer.</summary>
    public static DeviceAnswer Of(MirroredRequest request, TargetAnswer answer) => answer.Outcome switch
    {
        TargetOutcome.Answered => OfStatus(request, answer),
        TargetOutcome.Unreachable => Refusal(ServiceUnavailable, answer.Detail ?? "the other cloud cannot be reached", answer.RetryAfter),
        TargetOutcome.TimedOut => Refusal(GatewayTimeout, answer.Detail ?? "the other cloud did not answer in time"),
        TargetOutcome.Unavailable => Refusal(ServiceUnavailable, answer.Detail ?? "the other cloud takes no requests now", answer.RetryAfter),
        TargetOutcome.NeedsLinking => NeedsLinking(),
        TargetOutcome.TooLarge => Refusal(BadGateway, "the other cloud's answer is too large"),
        _ => Refusal(BadGateway, answer.Detail ?? "the other cloud's answer makes no sense"),
    };

    /// <summary>Nothing is asked of the other cloud until the user does something.</summary>
    public static DeviceAnswer NeedsLinking() => Refusal(BadGateway, "the other cloud does not accept this cloud any more: link the account again");

    /// <summary>An error with words for people; 5.03 says when to ask again.</summary>
    /// <param name="code">The CoAP code: 404 is 4.04.</param>
    /// <param name="words">The words.</param>
    /// <param name="retryAfter">When, for 5.03; kept between a second and an hour. Null: in 5 seconds.</param>
    public static DeviceAnswer Refusal(int code, string words, TimeSpan? retryAfter = null) => new(DeviceOutcome.Answered)
    {
        Code = code,
        Payload = Encoding.UTF8.GetBytes(words),
        Diagnostic = words,
        MaxAge = code == ServiceUnavailable ? TimeSpan.FromTicks(Math.Clamp((retryAfter ?? RetryAfter).Ticks, MinRetryAfter.Ticks, MaxRetryAfter.Ticks)) : null,
    };

    /// <summary>A representation in the format that was asked for; null where it has no form in that.</summary>
    public static DeviceAnswer? TryOfValue(ReadOnlyMemory<byte> representation, RemoteFormat format, int accept) =>
        RemotePayload.TryConvert(representation, format, RemoteFormats.Of(accept), out var payload) ? Success(Content, payload, accept) : null;

    /// <summary>What an observer hears whose format cannot say it.</summary>
    public static DeviceAnswer NotExpressible() => Refusal(NotAcceptable, "the device's answer cannot be written as JSON");

    /// <summary>The code for a status.</summary>
    /// <param name="method">The method.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="isOnline">Whether the device is connected there, as far as is known.</param>
    internal static int CodeOf(DeviceMethod method, int status, bool isOnline) => status switch
    {
        200 => method == DeviceMethod.Get ? Content : 204,
        201 => 201,
        202 or 204 => 204,
        304 => Valid,
        400 or 403 or 404 or 405 or NotAcceptable or 412 or 413 or 415 => status,
        429 or 503 => ServiceUnavailable,
        504 => isOnline ? GatewayTimeout : ServiceUnavailable,
        _ => BadGateway,
    };

    private static DeviceAnswer OfStatus(MirroredRequest request, TargetAnswer answer)
    {
        var code = CodeOf(request.Method, answer.Status, request.Device.Online);
        // With a fresh token: what refuses is the device. Were it the other cloud, its own API would say so to whoever keeps the link.
        if (answer.Status == 401) return Refusal(BadGateway, "the device does not accept the other cloud's request");
        if (code >= 400) return Refusal(code, WordsOf(answer), answer.RetryAfter);
        if (code == Valid) return Success(code, default, request.Accept) with { ETag = RemoteETag.Of(answer.ETag) };

        if (!TryReadBody(request, answer, out var payload, out var format))
            return Refusal(BadGateway, "the other cloud's answer is not what its Content-Type says, or of a type that is not understood here");
        if (!RemotePayload.TryConvert(payload, format, RemoteFormats.Of(request.Accept), out var converted))
            return format == RemoteFormat.OcfCbor ? NotExpressible() : Refusal(BadGateway, "the other cloud's answer cannot be written as CBOR");
        return Success(code, converted, request.Accept) with
        {
            ETag = code == Content ? RemoteETag.Of(answer.ETag) : default,
            Location = code == 201 ? RemoteLocation.HrefOf(request.Device.Device, answer.Location) : null,
        };
    }

    private static DeviceAnswer Success(int code, ReadOnlyMemory<byte> payload, int format) =>
        new(DeviceOutcome.Answered) { Code = code, Payload = payload, ContentFormat = payload.IsEmpty ? null : format };

    private static bool TryReadBody(MirroredRequest request, TargetAnswer answer, out ReadOnlyMemory<byte> payload, out RemoteFormat format)
    {
        payload = default;
        format = RemoteFormats.Of(request.Accept);
        if (answer.Body.IsEmpty) return true;
        return RemoteFormats.TryRead(answer.ContentType, out format) && RemotePayload.TryReduce(request.Device.Device, answer.Body, format, out payload);
    }

    private static string WordsOf(TargetAnswer answer)
    {
        var words = string.Create(CultureInfo.InvariantCulture, $"the other cloud answered {answer.Status}");
        return SaidBy(answer) is { } said ? $"{words}: {said}" : words;
    }

    // RFC 9457, 3.1: of a stranger's words a short text without what a terminal or a page could take for more.
    private static string? SaidBy(TargetAnswer answer)
    {
        if (answer.Body.IsEmpty || answer.Body.Length > MaxProblem || answer.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) != true) return null;
        try
        {
            using var problem = JsonDocument.Parse(answer.Body);
            if (problem.RootElement.ValueKind != JsonValueKind.Object) return null;
            return (TextOf(problem.RootElement, "detail") ?? TextOf(problem.RootElement, "title")) is { } text ? Shorten(text) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? TextOf(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(text.GetString()) ? text.GetString() : null;

    private static string? Shorten(string text)
    {
        var kept = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(MaxWords)) kept.Append(IsPlain(rune) ? rune.ToString() : " ");
        return kept.ToString().Trim() is { Length: > 0 } said ? said : null;
    }

    private static bool IsPlain(Rune rune) => !Rune.IsControl(rune)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator);
}
