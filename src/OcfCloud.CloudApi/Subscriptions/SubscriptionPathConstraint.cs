using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OcfCloud.CloudApi.Subscriptions;

/// <summary>Lets the endpoints of the Events API have their paths and no others: what is behind a device's id is the resource's own, and as long as it likes.</summary>
internal sealed class SubscriptionPathConstraint : IRouteConstraint
{
    public const string Name = "subscription";

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        httpContext is not null && SubscriptionPath.TryRead(httpContext.Request, out _);
}
