using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Resources;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>What a request's path names: a resource of the cloud, a device, or nothing.</summary>
/// <param name="Resource">The cloud's resource.</param>
/// <param name="Device">The device, where the first segment is a device id.</param>
internal readonly record struct RequestTarget(ICloudResource? Resource, DeviceId? Device)
{
    public static RequestTarget Of(in CoapFrame request, CloudResources resources) =>
        request.TryFind(CoapOptionNumber.UriPath, out var first) && DeviceId.TryParse(first.Value, out var device)
            ? new RequestTarget(null, device)
            : new RequestTarget(resources.Find(request.ReadOptions()), null);
}
