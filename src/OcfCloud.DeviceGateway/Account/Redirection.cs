using System.Net;

namespace OcfCloud.DeviceGateway.Account;

/// <summary>Where a sign-up answer sends the device (<c>redirecturi</c>), if anywhere: never to the endpoint that it is connected to (device-to-cloud.md, 3).</summary>
internal sealed class Redirection(DeviceGatewayOptions options)
{
    private const string Scheme = "coaps+tcp://";

    private readonly IPEndPoint? _target = options.RedirectUri is { } uri ? EndPointOf(uri) : null;

    /// <summary>The address to send, or null.</summary>
    /// <param name="localEndpoint">The endpoint of the connection, <c>coaps+tcp://address:port</c>.</param>
    public string? For(string localEndpoint)
    {
        if (options.RedirectUri is not { } target) return null;
        // A redirection to where everybody is told to connect anyway would be one for ever.
        if (string.Equals(target, options.PublicCoaps, StringComparison.OrdinalIgnoreCase)) return null;
        if (string.Equals(target, localEndpoint, StringComparison.OrdinalIgnoreCase)) return null;
        return _target is not null && _target.Equals(EndPointOf(localEndpoint)) ? null : target;
    }

    // Null for a name: whose address it is, only a resolver knows.
    private static IPEndPoint? EndPointOf(string uri)
    {
        if (!uri.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || !IPEndPoint.TryParse(uri.AsSpan(Scheme.Length), out var endPoint)) return null;
        if (endPoint.Address.IsIPv4MappedToIPv6) endPoint.Address = endPoint.Address.MapToIPv4();
        return endPoint;
    }
}
