using Microsoft.AspNetCore.Http;
using OcfCloud.CloudApi.Correlation;
using OcfCloud.CloudApi.Devices;
using OcfCloud.CloudApi.Documents.Shapes;
using OcfCloud.CloudApi.Notifications;
using OcfCloud.CloudApi.Representations;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Outbound;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Identity.Grants;
using OcfCloud.Identity.Http;

namespace OcfCloud.CloudApi.Subscriptions;

/// <summary><c>POST …/subscriptions</c>.</summary>
internal static class Subscribing
{
    public static async Task<IResult> PostAsync(
        HttpContext context, SubscriptionStore store, OutboundGuard guard, SigningSecrets secrets, AnswersUnderWay answers, ClientAccess access, DeviceAccounts accounts,
        UserGrants grants)
    {
        if (!SubscriptionTargets.TryRead(context, out var call, out var problem)) return problem;
        var (request, refusal) = await SubscriptionRequest.ReadAsync(context.Request, call.Targets[0].Level, guard);
        if (request is null) return refusal!;

        var targets = await ObservableAsync(call, access, context.RequestAborted);
        var subscription = new NewSubscription(
            call.User, call.Client, default, request.Kinds, request.EventsUrl, secrets.Protect(request.SigningSecret),
            call.Format == BodyFormat.OcfCbor ? NotificationEncoding.Cbor : NotificationEncoding.Json, context.GetCorrelationId());
        var isLetIn = grants.StillLetsIn(call.Caller);
        var answer = answers.Begin();
        try
        {
            var outcome = new SubscribeOutcome(SubscribeRefusal.UnknownTarget, Guid.Empty);
            foreach (var target in targets)
            {
                outcome = await store.SubscribeAsync(subscription with { Target = target }, isLetIn, context.RequestAborted);
                if (outcome.Refusal != SubscribeRefusal.UnknownTarget) break;
            }

            if (outcome.Refusal == SubscribeRefusal.TooMany) return Problem.TooManyRequests("The user has as many subscriptions as one may have, in all or to this: end some first.");
            if (outcome.Refusal == SubscribeRefusal.NotLetIn) return Problem.Unauthorized(context, "The access token was revoked.");
            if (outcome.Refusal != SubscribeRefusal.None) return await UnknownOrForbiddenAsync(call, targets, access, accounts, context.RequestAborted);

            // The first notification waits until this answer has left (AnswersUnderWay).
            answer.Tell(outcome.Id);
            context.Response.RegisterForDispose(answer);
            answer = null;
            return Results.Json(new SubscribeResponse(outcome.Id), statusCode: StatusCodes.Status201Created);
        }
        finally
        {
            answer?.Dispose();
        }
    }

    // device-to-cloud.md, 8: what is told of a resource is what whoever observes it would get.
    private static async Task<List<SubscriptionTarget>> ObservableAsync(SubscriptionCall call, ClientAccess access, CancellationToken cancellationToken)
    {
        var observable = new List<SubscriptionTarget>(call.Targets.Count);
        foreach (var target in call.Targets)
        {
            if (target is { Device: { } device, Href: { } href } && !await access.MayObserveAsync(call.Caller, device, href, cancellationToken)) continue;
            observable.Add(target);
        }

        return observable;
    }

    // What is forbidden was not looked for: whether it is there is not said, and of a device that is not the user's nothing is.
    private static async Task<IResult> UnknownOrForbiddenAsync(
        SubscriptionCall call, List<SubscriptionTarget> observable, ClientAccess access, DeviceAccounts accounts, CancellationToken cancellationToken)
    {
        if (call.Targets.FirstOrDefault(target => !observable.Contains(target)) is not { Device: { } device, Href: { } href }
            || (await accounts.FindAsync(device, cancellationToken))?.UserId != call.User)
        {
            return SubscriptionTargets.Unknown();
        }

        access.RecordObservation(call.Caller, device, href);
        return Problem.Forbidden("an access rule forbids it");
    }
}
