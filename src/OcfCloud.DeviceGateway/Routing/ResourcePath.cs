using System.Text;
using OcfCloud.Coap;

namespace OcfCloud.DeviceGateway.Routing;

/// <summary>The path of a resource on its device, out of a request's options: the segments behind the device id, joined.</summary>
internal static class ResourcePath
{
    /// <summary>Characters of a path that are looked at without an allocation.</summary>
    public const int MaxInPlace = 256;

    /// <summary>Joins the path.</summary>
    /// <param name="options">The request's.</param>
    /// <param name="path">Room for it.</param>
    /// <param name="length">Its characters.</param>
    /// <returns>False where the room does not suffice.</returns>
    public static bool TryJoin(CoapOptionReader options, Span<char> path, out int length)
    {
        length = 0;
        var isDeviceId = true;
        while (options.MoveNext())
        {
            if (options.Current.Number != (int)CoapOptionNumber.UriPath)
                continue;
            if (isDeviceId)
            {
                isDeviceId = false;
                continue;
            }

            if (length == path.Length)
                return false;
            path[length++] = '/';
            if (!Encoding.UTF8.TryGetChars(options.Current.Value, path[length..], out var written))
                return false;
            length += written;
        }

        return true;
    }

    /// <summary>The path as a text of its own.</summary>
    public static string Of(CoapMessage request) => "/" + string.Join('/', request.UriPath.Skip(1));
}
