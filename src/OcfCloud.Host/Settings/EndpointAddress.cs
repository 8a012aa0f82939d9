using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OcfCloud.Host.Settings;

/// <summary><c>PORT</c>, <c>ADDRESS:PORT</c> or <c>[ADDRESS]:PORT</c>; port 0 is any free one.</summary>
/// <param name="Address">Null where a port alone was given.</param>
/// <param name="Port">0 to 65535.</param>
internal sealed record EndpointAddress(IPAddress? Address, int Port)
{
    private static readonly Refusal NoEndpoint = new("is no port and no address:port");

    public static Parsed<EndpointAddress> Parse(string text)
    {
        if (TryPort(text, out var port))
        {
            return new EndpointAddress(null, port);
        }

        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !TryPort(text.AsSpan(colon + 1), out port))
        {
            return NoEndpoint;
        }

        var host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            return IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out var six) && six.AddressFamily == AddressFamily.InterNetworkV6
                ? new EndpointAddress(six, port)
                : NoEndpoint;
        }

        // IPAddress.TryParse also takes "1", "0x7f.1" and "10.1" for addresses: only the dotted form says what it means.
        return IPAddress.TryParse(host, out var four) && four.AddressFamily == AddressFamily.InterNetwork && four.ToString() == host
            ? new EndpointAddress(four, port)
            : NoEndpoint;
    }

    /// <summary>The same for an endpoint that is off where nothing is given.</summary>
    public static Parsed<EndpointAddress?> ParseOptional(string text) => Parse(text) is { Refusal: { } refusal } ? new Refusal(refusal) : Parse(text).Value;

    /// <summary>The same for an endpoint that is on unless <c>off</c> is given.</summary>
    public static Parsed<EndpointAddress?> ParseOrOff(string text) =>
        string.Equals(text, "off", StringComparison.OrdinalIgnoreCase) ? new Parsed<EndpointAddress?>(null, null) : ParseOptional(text);

    private static bool TryPort(ReadOnlySpan<char> text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= IPEndPoint.MaxPort && text.Length <= 5;
}
