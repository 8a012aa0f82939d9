using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using OcfCloud.CloudApi.Correlation;
using OcfCloud.CloudApi.Notifications;
using OcfCloud.CloudApi.Problems;
using OcfCloud.CloudApi.Representations;
using OcfCloud.Core.Outbound;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Grants;

namespace OcfCloud.CloudApi.Subscriptions;

/// <summary><c>POST …/subscriptions</c>.</summary>
internal static class Subscribing
{
    public static async Task<IResult> PostAsync(
        HttpContext context, SubscriptionStore store, OutboundGuard guard, SigningSecrets secrets, AnswersUnderWay answers, UserGrants grants)
    {
        if (!SubscriptionTargets.TryRead(context, out var targets, out var format, out var problem)) return problem;
        var (request, refusal) = await SubscriptionRequest.ReadAsync(context.Request, targets[0].Level, guard);
        if (request is null) return refusal!;

        var caller = Caller.Of(context.User);
        var subscription = new NewSubscription(
            caller.User, caller.Client ?? "", targets[0], request.Kinds, request.EventsUrl, secrets.Protect(request.SigningSecret),
            format == BodyFormat.OcfCbor ? NotificationEncoding.Cbor : NotificationEncoding.Json, context.GetCorrelationId());
        var isLetIn = grants.StillLetsIn(caller);
        var answer = answers.Begin();
        try
        {
            var outcome = await store.SubscribeAsync(subscription, isLetIn, context.RequestAborted);
            if (outcome.Refusal == SubscribeRefusal.UnknownTarget && targets.Count > 1)
            {
                outcome = await store.SubscribeAsync(subscription with { Target = targets[1] }, isLetIn, context.RequestAborted);
            }

            if (outcome.Refusal != SubscribeRefusal.None) return Refused(context, outcome.Refusal);

            // The first notification waits until this answer has left (AnswersUnderWay).
            answer.Tell(outcome.Id);
            context.Response.RegisterForDispose(answer);
            answer = null;
            return Results.Json(new Answer(outcome.Id), statusCode: StatusCodes.Status201Created);
        }
        finally
        {
            answer?.Dispose();
        }
    }

    private static IResult Refused(HttpContext context, SubscribeRefusal refusal) => refusal switch
    {
        SubscribeRefusal.TooMany => Problem.TooManyRequests("The user has as many subscriptions as one may have, in all or to this: end some first."),
        SubscribeRefusal.NotLetIn => Problem.Unauthorized(context, "The access token was revoked."),
        _ => SubscriptionTargets.Unknown(),
    };

    private sealed record Answer([property: JsonPropertyName("subscriptionId")] Guid SubscriptionId);
}
