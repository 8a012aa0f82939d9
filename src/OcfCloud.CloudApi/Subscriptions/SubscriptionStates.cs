using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using OcfCloud.CloudApi.Notifications;
using OcfCloud.CloudApi.Representations;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudApi.Subscriptions;

/// <summary><c>GET …/subscriptions/{id}</c>: ours; shows a subscription with the state of its delivery, never its secret.</summary>
internal static class SubscriptionStates
{
    public static async Task<IResult> GetAsync(HttpContext context, SubscriptionStore store)
    {
        if (!SubscriptionTargets.TryRead(context, out var call, out var problem)) return problem;
        if (!SubscriptionTargets.TryReadId(context, out var id)) return SubscriptionTargets.Unknown();
        foreach (var target in call.Targets)
        {
            if (await store.FindAsync(id, call.User, call.Client, target, context.RequestAborted) is { } state) return Results.Json(Written(state));
        }

        return SubscriptionTargets.Unknown();
    }

    private static Answer Written(SubscriptionState state) => new(
        state.Id,
        state.EventsUrl,
        state.Kinds.Select(EventTypes.NameOf),
        state.Encoding == NotificationEncoding.Cbor ? MediaTypes.OcfCbor : MediaTypes.Json,
        state.CreatedAt,
        new DeliveryState(
            state.NextSequenceNumber,
            state.Undelivered,
            state.FailedAttempts,
            state.LastDelivered is { } last ? new Delivered(last.SequenceNumber, EventTypes.NameOf(last.Kind), last.At) : null,
            state.NextAttemptAt,
            state.LastFailure));

    private sealed record Answer(
        [property: JsonPropertyName("subscriptionId")] Guid SubscriptionId,
        [property: JsonPropertyName("eventsUrl")] string EventsUrl,
        [property: JsonPropertyName("eventTypes")] IEnumerable<string> EventTypes,
        [property: JsonPropertyName("accept")] string Accept,
        [property: JsonPropertyName("createdAt")] DateTimeOffset CreatedAt,
        [property: JsonPropertyName("delivery")] DeliveryState Delivery);

    private sealed record DeliveryState(
        [property: JsonPropertyName("nextSequenceNumber")] long NextSequenceNumber,
        [property: JsonPropertyName("undelivered")] int Undelivered,
        [property: JsonPropertyName("failedAttempts")] int FailedAttempts,
        [property: JsonPropertyName("lastDelivered")] Delivered? LastDelivered,
        [property: JsonPropertyName("nextAttemptAt")] DateTimeOffset? NextAttemptAt,
        [property: JsonPropertyName("lastFailure")] string? LastFailure);

    private sealed record Delivered(
        [property: JsonPropertyName("sequenceNumber")] long SequenceNumber,
        [property: JsonPropertyName("eventType")] string EventType,
        [property: JsonPropertyName("at")] DateTimeOffset At);
}
