using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OcfCloud.Core.Events;
using OcfCloud.Core.Outbound;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Identity.Http;

namespace OcfCloud.CloudApi.Subscriptions;

/// <summary>The body of a POST: <c>{eventsUrl, eventTypes, signingSecret}</c>. Whatever is wrong is said with the name of its field.</summary>
/// <param name="EventsUrl">An https URL whose address is allowed.</param>
/// <param name="Kinds">Event types of the level, one or more, each once, in their order.</param>
/// <param name="SigningSecret">32 characters.</param>
internal sealed record SubscriptionRequest(string EventsUrl, IReadOnlyList<EventKind> Kinds, string SigningSecret)
{
    private const int SecretLength = 32, MaxUrlLength = 2048;

    /// <summary>Reads and checks it.</summary>
    /// <returns>The request, or the problem to answer with.</returns>
    public static async Task<(SubscriptionRequest? Request, IResult? Problem)> ReadAsync(HttpRequest request, SubscriptionLevel level, OutboundGuard guard)
    {
        var (json, problem) = await JsonBody.ReadAsync(request);
        if (problem is not null) return (null, problem);
        if (json is not { ValueKind: JsonValueKind.Object } body) return (null, Problem.BadRequest("The body has to be an object with eventsUrl, eventTypes and signingSecret."));

        if (ReadKinds(body, level, out var kinds) is { } kindsRefusal) return (null, Problem.BadField("eventTypes", kindsRefusal));
        if (!body.TryText("signingSecret", out var secret) || secret.EnumerateRunes().Count() != SecretLength)
        {
            return (null, Problem.BadField("signingSecret", "signingSecret has to be a text of exactly 32 characters."));
        }

        if (!body.TryText("eventsUrl", out var url) || url.Length > MaxUrlLength)
        {
            return (null, Problem.BadField("eventsUrl", "eventsUrl has to be an https URL of at most 2,048 characters."));
        }

        return await guard.CheckAsync(url, request.HttpContext.RequestAborted) is var refusal and not OutboundRefusal.None
            ? (null, Problem.BadField("eventsUrl", TextOf(refusal)))
            : (new SubscriptionRequest(url, kinds, secret), null);
    }

    private static string? ReadKinds(JsonElement body, SubscriptionLevel level, out List<EventKind> kinds)
    {
        kinds = [];
        var known = string.Join(", ", EventTypes.At(level));
        if (!body.TryGetProperty("eventTypes", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            return $"eventTypes has to be a list of one or more of {known}.";
        }

        foreach (var item in list.EnumerateArray())
        {
            if (!JsonBody.TryText(item, out var name) || EventTypes.KindOf(name, level) is not { } kind) return $"eventTypes holds something other than {known}.";
            if (kinds.Contains(kind)) return $"eventTypes holds {name} twice.";
            kinds.Add(kind);
        }

        return null;
    }

    private static string TextOf(OutboundRefusal refusal) => refusal switch
    {
        OutboundRefusal.UserInformation => "eventsUrl must not hold a user or a password.",
        OutboundRefusal.Fragment => "eventsUrl must not hold a fragment.",
        OutboundRefusal.ForbiddenAddress => "eventsUrl has to lead to a public address.",
        _ => "eventsUrl has to be an https URL.",
    };
}
