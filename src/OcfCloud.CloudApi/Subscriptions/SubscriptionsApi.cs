using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OcfCloud.CloudApi.Devices;
using OcfCloud.CloudApi.Metrics;
using OcfCloud.CloudApi.Notifications;
using OcfCloud.Core.Metrics;
using OcfCloud.Core.Outbound;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Tokens;

namespace OcfCloud.CloudApi.Subscriptions;

/// <summary>The Events API (cloud-to-cloud.md, 1.4): subscriptions, and the notifications that are sent for them.</summary>
public static class SubscriptionsApi
{
    /// <summary>Adds what <see cref="MapSubscriptionsApi"/> needs, the bodies of notifications and their sender. Needs core, identity, an <see cref="OutboundOptions"/>
    /// where its defaults do not do, and bearer checks.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">How notifications are sent.</param>
    public static IServiceCollection AddSubscriptionsApi(this IServiceCollection services, NotificationOptions options)
    {
        services.TryAddSingleton<OutboundOptions>();
        services.TryAddSingleton<ClientAccess>();
        services.AddSingleton(options);
        services.AddSingleton(p => new CloudApiMetrics(p.GetService<IMeterFactory>()));
        services.AddSingleton<IRoomMetrics>(p => p.GetRequiredService<CloudApiMetrics>());
        services.AddSingleton<OutboundGuard>(p => new OutboundGuard(p.GetRequiredService<OutboundOptions>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<INotificationBodies, NotificationBodies>();
        services.AddSingleton<SigningSecrets>();
        services.AddSingleton<AnswersUnderWay>();
        services.AddSingleton<NotificationCall>();
        services.AddSingleton<Delivery>();
        services.AddSingleton(p => new Settlement(
            p.GetRequiredService<DeliveryQueue>().SettleAsync, options, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<Settlement>>()));
        services.AddHostedService<NotificationSender>();
        return services.Configure<RouteOptions>(routes => routes.SetParameterPolicy<SubscriptionPathConstraint>(SubscriptionPathConstraint.Name));
    }

    /// <summary>Maps the paths below <c>/api/v1/devices</c> that end in <c>subscriptions</c>, or in it and an id, before all others there. All ask for the scope <c>r:*</c>.</summary>
    public static IEndpointRouteBuilder MapSubscriptionsApi(this IEndpointRouteBuilder endpoints)
    {
        const string Path = $"{DevicesApi.Path}/{{**path:{SubscriptionPathConstraint.Name}}}";
        foreach (var endpoint in new[]
        {
            endpoints.MapPost(Path, Subscribing.PostAsync).DescribeSubscribe(),
            endpoints.MapGet(Path, SubscriptionStates.GetAsync).DescribeState(),
            endpoints.MapDelete(Path, Unsubscribing.DeleteAsync).DescribeUnsubscribe(),
        })
        {
            endpoint.RequireScope(CloudScopes.Read).WithOrder(-1);
        }

        // Behind all others: with the paths above, routing sees an endpoint for these methods everywhere, and would answer 404 where it has to be 405.
        endpoints.MapMethods($"{DevicesApi.Path}/{{**path}}", [HttpMethods.Post, HttpMethods.Delete], RefuseMethod).WithOrder(1).ExcludeFromDescription();
        return endpoints;
    }

    private static IResult RefuseMethod(HttpContext context)
    {
        var isResource = RawPath.TryReadSegments(context.Request, DevicesApi.Path, out var segments) && segments.Length > 1;
        context.Response.Headers.Allow = isResource ? "GET, POST" : "GET";
        return Results.StatusCode(StatusCodes.Status405MethodNotAllowed);
    }
}
