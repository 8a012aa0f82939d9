using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.Core.Outbound;

namespace OcfCloud.CloudLinking.Targets;

/// <summary>
/// The way to one Target, shared with no other.
/// <code>
///   Requests   ─► places, queue ─┐
///   Background ─► places, queue ─┴─► circuit breaker of the API   ─► HTTP to hosts that the administrator named (guard, trust roots and certificate of the cloud)
///   Tokens     ─► places, queue ───► circuit breaker of the tokens ─► HTTP to hosts that its metadata named (guard)
/// </code>
/// </summary>
internal sealed partial class TargetPipeline : IDisposable
{
    private readonly ILogger _logger;
    private readonly List<string> _namedHosts;
    private readonly TargetHttp _named;
    private readonly TargetHttp _foreign;
    private readonly Dictionary<TargetLane, Lane> _lanes;

    /// <summary>Makes it.</summary>
    /// <param name="cloud">The cloud as it is stored, or is to be.</param>
    /// <param name="clientCertificate">What is shown where it asks for a certificate; null: nothing.</param>
    /// <param name="presented">See <see cref="OutboundDestination.Presented"/>.</param>
    /// <param name="guard">The guard of outgoing calls.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public TargetPipeline(
        LinkedCloud cloud, SslStreamCertificateContext? clientCertificate, Action<X509Certificate2?, SslPolicyErrors>? presented, OutboundGuard guard,
        CloudLinkingOptions options, TimeProvider time, ILogger logger)
    {
        _logger = logger;
        Cloud = cloud;
        var anchors = new X509Certificate2Collection();
        if (cloud.TrustAnchors is { } pem) anchors.ImportFromPem(pem);
        _namedHosts = NamedHostsOf(cloud);
        var connections = options.MaxParallelRequests + (2 * options.MaxParallelBackground);
        var named = new OutboundDestination
        {
            MaxConnectionsPerHost = connections,
            NamedHosts = _namedHosts,
            TrustAnchors = anchors,
            ClientCertificate = clientCertificate,
            Presented = presented,
        };
        _named = new TargetHttp(guard.CreateHandler(named), options.MaxRetryAfter, time);

        // What the administrator said holds for the hosts that he named: a private root must not vouch for others, nor a certificate be shown to them.
        _foreign = new TargetHttp(guard.CreateHandler(new OutboundDestination { MaxConnectionsPerHost = connections, Presented = presented }), options.MaxRetryAfter, time);
        var api = Circuit("API", options, time);
        _lanes = new()
        {
            [TargetLane.Requests] = new(options.MaxParallelRequests, options.MaxQueued, api),
            [TargetLane.Background] = new(options.MaxParallelBackground, options.MaxQueued, api),
            [TargetLane.Tokens] = new(options.MaxParallelBackground, options.MaxQueued, Circuit("authorization server", options, time)),
        };
    }

    public LinkedCloud Cloud { get; }

    /// <summary>Sends a request when there is a place for it, unless the Target failed too often of late.</summary>
    /// <param name="lane">What kind it is.</param>
    /// <param name="request">The request.</param>
    /// <param name="maxAnswer">Bytes that the answer's body may have.</param>
    /// <param name="subject">What the answer speaks of.</param>
    /// <param name="queue">Ends the wait for a place; what was sent comes to an end all the same, so that it is known how the Target fares.</param>
    /// <param name="deadline">When there has to be a whole answer.</param>
    public async Task<TargetAnswer> SendAsync(
        TargetLane lane, HttpRequestMessage request, int maxAnswer, TargetSubject subject, CancellationToken queue, CancellationToken deadline)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(queue, deadline);
        try
        {
            using var place = await _lanes[lane].WaitAsync(either.Token);
            if (!place.IsAcquired) return TargetFailure.Crowded;
            return await _lanes[lane].Circuit.SendAsync(subject, async () => await HttpOf(request).SendAsync(request, maxAnswer, deadline));
        }
        catch (OperationCanceledException) when (!queue.IsCancellationRequested)
        {
            return TargetFailure.Crowded;
        }
    }

    public void Dispose()
    {
        _named.Dispose();
        _foreign.Dispose();
        foreach (var lane in _lanes.Values) lane.Dispose();
    }

    /// <summary>A certificate and its key as TLS shows them.</summary>
    /// <exception cref="CryptographicException">They are no certificate and key of one another.</exception>
    public static SslStreamCertificateContext ClientCertificateOf(string certificatePem, string keyPem)
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificatePem);
            return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificatePem, keyPem), chain, offline: true);
        }
        catch (ArgumentException e)
        {
            // What .NET throws where certificate and key do not belong together.
            throw new CryptographicException(e.Message, e);
        }
    }

    private TargetHttp HttpOf(HttpRequestMessage request) => _namedHosts.Contains(request.RequestUri!.IdnHost, StringComparer.OrdinalIgnoreCase) ? _named : _foreign;

    // Without a metadata document an administrator gave all of the endpoints.
    private static List<string> NamedHostsOf(LinkedCloud cloud)
    {
        string?[] urls = cloud.Issuer is null ? [cloud.Url, cloud.TokenEndpoint, cloud.RevocationEndpoint] : [cloud.Url];
        return [.. urls.Where(url => !string.IsNullOrEmpty(url)).Select(url => new Uri(url!).IdnHost)];
    }

    private TargetCircuit Circuit(string part, CloudLinkingOptions options, TimeProvider time) =>
        new(options, time, (rest, detail) => LogResting(Cloud.Name, part, rest, detail), () => LogAnswers(Cloud.Name, part));

    /// <summary>Places of one kind of requests, and what they go through then.</summary>
    private sealed class Lane(int places, int queue, TargetCircuit circuit) : IDisposable
    {
        private readonly ConcurrencyLimiter _places = new(
            new ConcurrencyLimiterOptions { PermitLimit = places, QueueLimit = queue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

        public TargetCircuit Circuit => circuit;

        public ValueTask<RateLimitLease> WaitAsync(CancellationToken cancellationToken) => _places.AcquireAsync(1, cancellationToken);

        public void Dispose() => _places.Dispose();
    }
}
