using Microsoft.AspNetCore.HttpOverrides;

namespace OcfCloud.Host.Endpoints.Proxies;

/// <summary>Gives requests that a trusted proxy forwards the address and the scheme of its client.</summary>
internal static class ForwardedRequests
{
    /// <summary>Without trusted proxies the headers are anybody's, and nothing is believed.</summary>
    public static IApplicationBuilder UseForwardedRequests(this IApplicationBuilder app, TrustedProxies proxies)
    {
        if (!proxies.Any) return app;

        // Not the host: the name of this cloud is its public URL, whatever was asked for.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };

        // Read from the right, where the nearest proxy adds: the first address that is no trusted proxy's is the client's, and what the client wrote before it is not looked at.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in proxies.Networks) options.KnownIPNetworks.Add(network);
        return app.UseForwardedHeaders(options);
    }
}
