using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Outbound;

namespace OcfCloud.CloudLinking.LinkedClouds;

/// <summary>Finds the metadata document of a cloud.</summary>
internal sealed class CloudDiscovery(OutboundGuard guard)
{
    /// <summary>Asks at each place where the document may be, until there is one.</summary>
    /// <param name="url">The cloud's base URL.</param>
    /// <param name="get">How a document is asked for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The metadata, or why there is none, one sentence.</returns>
    public async Task<(CloudMetadata? Metadata, string? Words)> FindAsync(string url, Func<string, Task<TargetAnswer>> get, CancellationToken cancellationToken)
    {
        string? absent = null, useless = null;
        foreach (var place in PlacesOf(url))
        {
            var answer = await get(place);
            if (answer.Outcome == TargetOutcome.TooLarge)
            {
                useless ??= $"The metadata document {place} is too large.";
                continue;
            }

            if (answer.Outcome != TargetOutcome.Answered) return (null, answer.Detail);
            if (answer.Status != 200)
            {
                absent ??= $"The metadata document is not there: {place} answers with status {answer.Status}.";
                continue;
            }

            var (metadata, wrong) = CloudMetadata.Read(answer.Body, url);
            if (metadata is not null) return await RefusalOfAsync(metadata, new Uri(url).IdnHost, cancellationToken) is { } refusal ? (null, refusal) : (metadata, null);

            // Some servers answer 200 with their start page wherever there is nothing.
            useless ??= $"The metadata document {place} {wrong}.";
        }

        return (null, useless ?? absent);
    }

    /// <summary>OpenID Connect Discovery, 4 and RFC 8414, 3: below the URL; RFC 8414, 3.1: before its path.</summary>
    public static IEnumerable<string> PlacesOf(string url)
    {
        const string OpenId = "/.well-known/openid-configuration";
        const string OAuth = "/.well-known/oauth-authorization-server";
        yield return url + OpenId;
        yield return url + OAuth;
        var uri = new Uri(url);
        var path = uri.AbsolutePath.TrimEnd('/');
        if (path.Length == 0) yield break;
        var origin = uri.GetLeftPart(UriPartial.Authority);
        yield return origin + OAuth + path;
        yield return origin + OpenId + path;
    }

    // What the other cloud chose, but for its own host, is an address of a stranger.
    private async Task<string?> RefusalOfAsync(CloudMetadata metadata, string host, CancellationToken cancellationToken)
    {
        foreach (var (name, endpoint) in new[] { ("token_endpoint", metadata.TokenEndpoint), ("revocation_endpoint", metadata.RevocationEndpoint) })
        {
            if (endpoint is null || string.Equals(new Uri(endpoint).IdnHost, host, StringComparison.OrdinalIgnoreCase)) continue;
            if (await guard.CheckAsync(endpoint, cancellationToken) != OutboundRefusal.None)
                return $"The metadata document's {name} is on another host, whose address is not allowed (OcfCloud:Outbound:AllowedNetworks).";
        }

        return null;
    }
}
