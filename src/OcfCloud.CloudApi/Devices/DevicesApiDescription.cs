using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OcfCloud.CloudApi.Documents.Shapes;
using OcfCloud.Identity.Http;

namespace OcfCloud.CloudApi.Devices;

/// <summary>What the API document says of the Devices API; names, parameters and statuses are those of the official document.</summary>
internal static class DevicesApiDescription
{
    private const string Resource = DevicesApi.Path + "/{deviceId}/{resourceLinkHref}";

    private static readonly string[] Both = ["application/json", "application/vnd.ocf+cbor"];

    private static readonly DocumentedParameter DeviceId = new("deviceId", "path", "The device's id.") { Format = "uuid" };

    private static readonly DocumentedParameter Href = new("resourceLinkHref", "path", "The resource's path on the device, several segments where it has them.");

    private static readonly DocumentedParameter Content = new("content", "query", "base (the default): links; all: representations.") { Values = ["base", "all"] };

    public static RouteHandlerBuilder DescribeList(this RouteHandlerBuilder endpoint) => Described(endpoint)
        .WithSummary("Lists the user's devices")
        .WithMetadata(Content, new DocumentedParameter("rt", "query", "Only devices of one of these types.") { IsList = true })
        .WithMetadata(new DocumentedResponse(StatusCodes.Status200OK, "The devices; none: an empty list.") { Types = [typeof(IEnumerable<Device>), typeof(IEnumerable<DeviceContentAll>)], MediaTypes = Both })
        .Refuses(400, 406, 503);

    public static RouteHandlerBuilder DescribeDevice(this RouteHandlerBuilder endpoint) => Described(endpoint)
        .WithSummary("Shows a device")
        .WithMetadata(DeviceId, Content)
        .WithMetadata(new DocumentedResponse(StatusCodes.Status200OK, "The device.") { Types = [typeof(Device), typeof(DeviceContentAll)], MediaTypes = Both })
        .Refuses(400, 404, 406, 503);

    public static RouteHandlerBuilder DescribeRetrieve(this RouteHandlerBuilder endpoint) => Described(endpoint)
        .WithMetadata(new DocumentedRoute(Resource, "Reads a resource, from the device"), DeviceId, Href)
        .WithMetadata(new DocumentedParameter("Cache-Control", "header", "only-if-cached: the last known representation, without asking the device."))
        .WithMetadata(new DocumentedResponse(StatusCodes.Status200OK, "The representation.") { Types = [typeof(object)], MediaTypes = Both })
        .WithMetadata(new DocumentedResponse(StatusCodes.Status304NotModified, "The device says that it has not changed."))
        .Refuses(400, 404, 405, 406, 409, 412, 413, 415, 429, 501, 502, 503, 504);

    public static RouteHandlerBuilder DescribeUpdate(this RouteHandlerBuilder endpoint) => Described(endpoint)
        .WithMetadata(new DocumentedRoute(Resource, "Updates a resource, on the device"), DeviceId, Href)
        .WithMetadata(new DocumentedBody(typeof(object)) { MediaTypes = Both })
        .WithMetadata(new DocumentedResponse(StatusCodes.Status200OK, "The device's answer, its representation or nothing.") { Types = [typeof(object)], MediaTypes = Both })
        .WithMetadata(new DocumentedResponse(StatusCodes.Status201Created, "The device made something.") { Types = [typeof(object)], MediaTypes = Both })
        .WithMetadata(new DocumentedResponse(StatusCodes.Status304NotModified, "The device says that nothing has changed."))
        .Refuses(400, 404, 405, 406, 409, 412, 413, 415, 429, 501, 502, 503, 504);

    private static RouteHandlerBuilder Described(RouteHandlerBuilder endpoint) => endpoint.WithTags("Devices").TakesCorrelationId();
}
