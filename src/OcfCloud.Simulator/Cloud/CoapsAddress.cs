using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace OcfCloud.Simulator.Cloud;

/// <summary>Where a <c>coaps+tcp</c> endpoint is.</summary>
/// <param name="Host">Name or address, without brackets.</param>
/// <param name="Port">TCP port, 1 to 65535.</param>
internal sealed record CoapsAddress(string Host, int Port)
{
    private const string Scheme = "coaps+tcp";

    /// <summary>Port of <c>coaps+tcp</c> where a URI names none (RFC 8323, 8.2).</summary>
    public const int DefaultPort = 5684;

    /// <summary>Reads <c>coaps+tcp://host[:port]</c>; a path, a query or another scheme is refused.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out CoapsAddress? address)
    {
        address = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Scheme != Scheme
            || uri.DnsSafeHost.Length == 0
            || uri.UserInfo.Length > 0
            || uri.PathAndQuery.Length > 1
            || uri.Fragment.Length > 0
            || uri.Port == 0)
        {
            return false;
        }

        address = new CoapsAddress(uri.DnsSafeHost, uri.Port < 0 ? DefaultPort : uri.Port);
        return true;
    }

    /// <summary>Reads what people type: the URI, or only <c>host:port</c>.</summary>
    public static bool TryParseLoose(string? text, [NotNullWhen(true)] out CoapsAddress? address) =>
        TryParse(text, out address) || (text?.Contains("://", StringComparison.Ordinal) == false && TryParse($"{Scheme}://{text}", out address));

    /// <summary>The address under which this machine reaches an endpoint that listens on every address.</summary>
    public CoapsAddress Reachable() => Host switch
    {
        "0.0.0.0" => this with { Host = "127.0.0.1" },
        "::" => this with { Host = "::1" },
        _ => this,
    };

    /// <summary>Whether two addresses are one endpoint, the names of this machine taken for one.</summary>
    public bool IsSame(CoapsAddress other) =>
        Port == other.Port && (string.Equals(Host, other.Host, StringComparison.OrdinalIgnoreCase) || (IsLoopback(Host) && IsLoopback(other.Host)));

    private static bool IsLoopback(string host) => host is "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"{Scheme}://[{Host}]:{Port}" : $"{Scheme}://{Host}:{Port}";
}
