using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using OcfCloud.CloudApi.Problems;
using OcfCloud.CloudApi.Representations;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudApi.Subscriptions;

/// <summary>What the requests of this API have in common: the path that names the target, the Accept header, and the refusals.</summary>
internal static class SubscriptionTargets
{
    /// <summary>Reads what a request is about.</summary>
    /// <param name="context">The request.</param>
    /// <param name="targets">What its path may name, the likelier first; never none.</param>
    /// <param name="format">What it accepts.</param>
    /// <param name="problem">What to answer with where it is refused.</param>
    public static bool TryRead(
        HttpContext context, out IReadOnlyList<SubscriptionTarget> targets, out BodyFormat format, [NotNullWhen(false)] out IResult? problem)
    {
        targets = [];
        format = default;
        problem = !SubscriptionPath.TryRead(context.Request, out var path) || !path.TryGetTargets(out targets) ? Problem.NoDeviceId()
            : targets.Count == 0 ? Unknown()
            : !MediaTypes.TryNegotiate(context.Request.Headers.Accept, out format) ? Problem.NotAcceptable()
            : null;
        return problem is null;
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
