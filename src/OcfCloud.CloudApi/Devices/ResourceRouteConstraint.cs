using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OcfCloud.CloudApi.Devices;

/// <summary>Tells resources from subscriptions (cloud-to-cloud.md, 1.4): a POST whose last segment, or a GET or DELETE whose last but one, is
/// <c>subscriptions</c> is never a resource.</summary>
internal sealed class ResourceRouteConstraint : IRouteConstraint
{
    /// <summary>Its name in route patterns.</summary>
    public const string Name = "ocfResource";

    private const string Subscriptions = "subscriptions";

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values.TryGetValue(routeKey, out var value) && value is string { Length: > 0 } href && !IsSubscription(httpContext?.Request.Method, values["deviceId"] as string, href);

    /// <summary>Whether a path below <c>/devices</c> is one of the Events API.</summary>
    /// <param name="method">The method.</param>
    /// <param name="device">The segment that is a device's id, or <c>subscriptions</c>.</param>
    /// <param name="href">What follows it.</param>
    public static bool IsSubscription(string? method, string? device, string href)
    {
        var segments = href.TrimEnd('/').Split('/');
        if (HttpMethods.IsPost(method ?? "")) return segments[^1] == Subscriptions;
        return (segments.Length > 1 ? segments[^2] : device) == Subscriptions;
    }
}
