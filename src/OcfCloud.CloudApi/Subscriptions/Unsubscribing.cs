using Microsoft.AspNetCore.Http;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Identity.Bearer;

namespace OcfCloud.CloudApi.Subscriptions;

/// <summary><c>DELETE …/subscriptions/{id}</c>: the last notification, subscription_cancelled, follows.</summary>
internal static class Unsubscribing
{
    public static async Task<IResult> DeleteAsync(HttpContext context, SubscriptionStore store)
    {
        if (!SubscriptionTargets.TryRead(context, out var targets, out _, out var problem)) return problem;
        if (!SubscriptionTargets.TryReadId(context, out var id)) return SubscriptionTargets.Unknown();
        var caller = Caller.Of(context.User);
        foreach (var target in targets)
        {
            if (await store.UnsubscribeAsync(id, caller.User, caller.Client ?? "", target, context.RequestAborted)) return Results.StatusCode(StatusCodes.Status202Accepted);
        }

        return SubscriptionTargets.Unknown();
    }
}
