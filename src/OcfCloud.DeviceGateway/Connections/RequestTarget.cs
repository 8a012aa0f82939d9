using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Resources;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>What a request's path names: a resource of the cloud, a device, or nothing.</summary>
/// <param name="Resource">The cloud's resource.</param>
/// <param name="Device">The device, where the first segment is a device id.</param>
internal readonly record struct RequestTarget(ICloudResource? Resource, DeviceId? Device)
{
    // The longest path of ours is /oic/sec/tokenrefresh.
    private const int MaxPath = 32;

    public static RequestTarget Of(in CoapFrame request, CloudResources resources)
    {
        Span<byte> path = stackalloc byte[MaxPath];
        var length = 0;
        var options = request.ReadOptions();
        while (options.MoveNext())
        {
            if (options.Current.Number != (int)CoapOptionNumber.UriPath)
                continue;
            var segment = options.Current.Value;
            if (length == 0 && DeviceId.TryParse(segment, out var device))
                return new RequestTarget(null, device);
            if (length + 1 + segment.Length > MaxPath || segment.Contains((byte)'/'))
                return default;
            path[length++] = (byte)'/';
            segment.CopyTo(path[length..]);
            length += segment.Length;
        }

        return new RequestTarget(resources.Find(path[..length]), null);
    }
}
