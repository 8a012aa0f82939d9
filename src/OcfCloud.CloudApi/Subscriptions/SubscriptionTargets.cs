using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using OcfCloud.CloudApi.Problems;
using OcfCloud.CloudApi.Representations;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Http;

namespace OcfCloud.CloudApi.Subscriptions;

/// <summary>What the requests of this API have in common: the client, the path that names the target, the Accept header, and the refusals.</summary>
internal static class SubscriptionTargets
{
    /// <summary>Reads what a request is about.</summary>
    /// <param name="context">The request.</param>
    /// <param name="call">What it is about.</param>
    /// <param name="problem">What to answer with where it is refused.</param>
    public static bool TryRead(HttpContext context, [NotNullWhen(true)] out SubscriptionCall? call, [NotNullWhen(false)] out IResult? problem)
    {
        call = null;
        IReadOnlyList<SubscriptionTarget> targets = [];
        var format = default(BodyFormat);
        var caller = Caller.Of(context.User);

        // Two programs without a name would see and end each other's.
        problem = caller.Client is null ? Problem.Forbidden("The token names no client (client_id or azp): a subscription belongs to one.")
            : !SubscriptionPath.TryRead(context.Request, out var path) || !path.TryGetTargets(out targets) ? DeviceProblem.NoDeviceId()
            : targets.Count == 0 ? Unknown()
            : !MediaTypes.TryNegotiate(context.Request.Headers.Accept, out format) ? DeviceProblem.NotAcceptable()
            : null;
        if (problem is not null) return false;
        call = new SubscriptionCall(caller, caller.Client!, targets, format);
        return true;
    }

    /// <summary>The id of the path.</summary>
    public static bool TryReadId(HttpContext context, out Guid id)
    {
        id = default;
        return SubscriptionPath.TryRead(context.Request, out var path) && Guid.TryParseExact(path.Id, "D", out id);
    }

    /// <summary>Nothing there, and somebody else's, look the same.</summary>
    public static IResult Unknown() => Problem.NotFound("The user has no such device, resource or subscription.");
}
