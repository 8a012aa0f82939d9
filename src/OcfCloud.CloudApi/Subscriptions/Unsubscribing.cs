using Microsoft.AspNetCore.Http;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudApi.Subscriptions;

/// <summary><c>DELETE …/subscriptions/{id}</c>: the last notification, subscription_cancelled, follows.</summary>
internal static class Unsubscribing
{
    public static async Task<IResult> DeleteAsync(HttpContext context, SubscriptionStore store)
    {
        if (!SubscriptionTargets.TryRead(context, out var call, out var problem)) return problem;
        if (!SubscriptionTargets.TryReadId(context, out var id)) return SubscriptionTargets.Unknown();
        foreach (var target in call.Targets)
        {
            if (await store.UnsubscribeAsync(id, call.User, call.Client, target, context.RequestAborted)) return Results.StatusCode(StatusCodes.Status202Accepted);
        }

        return SubscriptionTargets.Unknown();
    }
}
