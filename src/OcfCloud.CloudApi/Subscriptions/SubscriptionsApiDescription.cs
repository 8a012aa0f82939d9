using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OcfCloud.CloudApi.Devices;
using OcfCloud.CloudApi.Documents.Shapes;
using OcfCloud.Identity.Http;

namespace OcfCloud.CloudApi.Subscriptions;

/// <summary>What the API document says of the Events API: one endpoint here is three paths there, one a level.</summary>
internal static class SubscriptionsApiDescription
{
    private const string Devices = DevicesApi.Path + "/subscriptions";
    private const string Device = DevicesApi.Path + "/{deviceId}/subscriptions";
    private const string Resource = DevicesApi.Path + "/{deviceId}/{resourceLinkHref}/subscriptions";
    private const string Id = "/{subscriptionId}";

    public static RouteHandlerBuilder DescribeSubscribe(this RouteHandlerBuilder endpoint) => Described(endpoint)
        .WithMetadata(
            new DocumentedRoute(Devices, "Subscribes to events of the user's devices") { Body = new DocumentedBody(typeof(SubscribeRequestDevices)), NeverAnswers = [404] },
            new DocumentedRoute(Device, "Subscribes to events of a device") { Body = new DocumentedBody(typeof(SubscribeRequestDevice)) },
            new DocumentedRoute(Resource, "Subscribes to events of a resource") { Body = new DocumentedBody(typeof(SubscribeRequestResources)) })
        .WithMetadata(new DocumentedParameter("Accept", "header", "The media type of the notifications: application/json or application/vnd.ocf+cbor."))
        .Produces<SubscribeResponse>(StatusCodes.Status201Created)
        .Refuses(400, 404, 406, 413, 415, 429, 503);

    public static RouteHandlerBuilder DescribeState(this RouteHandlerBuilder endpoint) => Described(endpoint)
        .WithMetadata(
            new DocumentedRoute(Devices + Id, "Shows a subscription to events of the user's devices") { NeverAnswers = [400] },
            new DocumentedRoute(Device + Id, "Shows a subscription to events of a device"),
            new DocumentedRoute(Resource + Id, "Shows a subscription to events of a resource"))
        .Produces<SubscriptionState>()
        .Refuses(400, 404, 406, 503);

    public static RouteHandlerBuilder DescribeUnsubscribe(this RouteHandlerBuilder endpoint) => Described(endpoint)
        .WithMetadata(
            new DocumentedRoute(Devices + Id, "Ends a subscription to events of the user's devices") { NeverAnswers = [400] },
            new DocumentedRoute(Device + Id, "Ends a subscription to events of a device"),
            new DocumentedRoute(Resource + Id, "Ends a subscription to events of a resource"))
        .WithMetadata(new DocumentedResponse(StatusCodes.Status202Accepted, "It ends; subscription_cancelled is the last notification."))
        .Refuses(400, 404, 406, 503);

    private static RouteHandlerBuilder Described(RouteHandlerBuilder endpoint) => endpoint.WithTags("Events").TakesCorrelationId().WithMetadata(
        new DocumentedParameter("deviceId", "path", "The device's id.") { Format = "uuid" },
        new DocumentedParameter("resourceLinkHref", "path", "The resource's path on the device, several segments where it has them."),
        new DocumentedParameter("subscriptionId", "path", "The subscription's id.") { Format = "uuid" });
}
