using Microsoft.AspNetCore.Http;
using OcfCloud.CloudApi.Representations;
using OcfCloud.Core.Subscriptions;
using Shapes = OcfCloud.CloudApi.Documents.Shapes;

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

    private static Shapes.SubscriptionState Written(SubscriptionState state) => new(
        state.Id,
        state.EventsUrl,
        state.Kinds.Select(EventTypes.NameOf),
        state.Encoding == NotificationEncoding.Cbor ? MediaTypes.OcfCbor : MediaTypes.Json,
        state.CreatedAt,
        new Shapes.SubscriptionDelivery(
            state.NextSequenceNumber,
            state.Undelivered,
            state.FailedAttempts,
            state.LastDelivered is { } last ? new Shapes.DeliveredNotification(last.SequenceNumber, EventTypes.NameOf(last.Kind), last.At) : null,
            state.NextAttemptAt,
            state.LastFailure));
}
