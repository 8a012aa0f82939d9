using System.Net;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Metrics;

/// <summary><c>/metrics</c> in Prometheus form, on https and on plain http, for the networks that the operator allows. To others it is not there.</summary>
internal static class MetricsEndpoint
{
    public const string Path = "/metrics";

    private static readonly IPNetwork[] Loopback = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Whether a request is for it, as routing sees paths.</summary>
    public static bool IsAsked(HttpContext context) => string.Equals(context.Request.Path.Value?.TrimEnd('/'), Path, StringComparison.OrdinalIgnoreCase);

    /// <summary>Who may read it: what the operator named, or this machine.</summary>
    public static IReadOnlyList<IPNetwork> NetworksOf(SettingsSource source) => source.Read(CloudSettings.MetricsAllowedNetworks) is { Count: > 0 } named ? named : Loopback;

    /// <summary>Whether an address is in one of the networks; one of IPv4 in its form of IPv6 is one of IPv4.</summary>
    public static bool Admits(IReadOnlyList<IPNetwork> networks, IPAddress? address)
    {
        if (address is null) return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return networks.Any(network => network.Contains(plain));
    }

    /// <summary>Answers 404 to those who may not read it. Doors that do not serve it have answered before.</summary>
    public static IApplicationBuilder UseMetricsDoor(this IApplicationBuilder app, IReadOnlyList<IPNetwork> networks) => app.Use(next => context =>
    {
        if (!IsAsked(context) || Admits(networks, context.Connection.RemoteIpAddress)) return next(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    /// <summary>Serves it.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPrometheusScrapingEndpoint(Path).WithMetadata(new HttpMethodMetadata(Methods)).AllowAnonymous().ExcludeFromDescription();
}
