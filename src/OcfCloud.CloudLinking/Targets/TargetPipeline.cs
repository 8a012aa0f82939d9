using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.Core.Outbound;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;

namespace OcfCloud.CloudLinking.Targets;

/// <summary>
/// The way to one Target, shared with no other.
/// <code>
///   Requests   ─► places, queue ─┐
///   Background ─► places, queue ─┴─► circuit breaker of the API   ─► HTTP (guard, trust roots and certificate of the cloud)
///   Tokens     ─► places, queue ───► circuit breaker of the tokens ─►
/// </code>
/// </summary>
internal sealed partial class TargetPipeline : IDisposable
{
    private readonly ILogger _logger;
    private readonly TargetHttp _http;
    private readonly Dictionary<TargetLane, ResiliencePipeline<Attempt>> _lanes;
    private readonly List<RateLimiter> _limiters = [];

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
        _http = new TargetHttp(
            guard.CreateHandler(new OutboundDestination
            {
                MaxConnectionsPerHost = options.MaxParallelRequests + (2 * options.MaxParallelBackground),
                NamedHosts = NamedHostsOf(cloud),
                TrustAnchors = anchors,
                ClientCertificate = clientCertificate,
                Presented = presented,
            }),
            options.MaxRetryAfter,
            time);
        var api = Breaker("API", options, time);
        _lanes = new()
        {
            [TargetLane.Requests] = Lane(options.MaxParallelRequests, options.MaxQueued, api),
            [TargetLane.Background] = Lane(options.MaxParallelBackground, options.MaxQueued, api),
            [TargetLane.Tokens] = Lane(options.MaxParallelBackground, options.MaxQueued, Breaker("authorization server", options, time)),
        };
    }

    public LinkedCloud Cloud { get; }

    /// <summary>Sends a request when there is a place for it, unless the Target failed too often of late.</summary>
    /// <param name="lane">What kind it is.</param>
    /// <param name="request">The request.</param>
    /// <param name="maxAnswer">Bytes that the answer's body may have.</param>
    /// <param name="isOfDevice">Whether a 5xx may be a device's answer, which says nothing of the cloud.</param>
    /// <param name="queue">Ends the wait for a place; what was sent comes to an end all the same, so that it is known how the Target fares.</param>
    /// <param name="deadline">When there has to be a whole answer.</param>
    public async Task<TargetAnswer> SendAsync(
        TargetLane lane, HttpRequestMessage request, int maxAnswer, bool isOfDevice, CancellationToken queue, CancellationToken deadline)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(queue, deadline);
        try
        {
            var attempt = await _lanes[lane].ExecuteAsync(async _ => new Attempt(await _http.SendAsync(request, maxAnswer, deadline), isOfDevice), either.Token);
            return attempt.Answer;
        }
        catch (BrokenCircuitException e)
        {
            return TargetFailure.Resting(e.RetryAfter);
        }
        catch (RateLimiterRejectedException)
        {
            return TargetFailure.Crowded;
        }
        catch (OperationCanceledException) when (!queue.IsCancellationRequested)
        {
            return TargetFailure.Crowded;
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        foreach (var limiter in _limiters) limiter.Dispose();
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

    // Without a metadata document an administrator gave all of the endpoints.
    private static List<string> NamedHostsOf(LinkedCloud cloud)
    {
        string?[] urls = cloud.Issuer is null ? [cloud.Url, cloud.TokenEndpoint, cloud.RevocationEndpoint] : [cloud.Url];
        return [.. urls.Where(url => !string.IsNullOrEmpty(url)).Select(url => new Uri(url!).IdnHost)];
    }

    private ResiliencePipeline<Attempt> Lane(int places, int queue, ResiliencePipeline<Attempt> breaker)
    {
        var limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = places, QueueLimit = queue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
        _limiters.Add(limiter);
        return new ResiliencePipelineBuilder<Attempt>()
            .AddRateLimiter(new RateLimiterStrategyOptions { RateLimiter = arguments => limiter.AcquireAsync(1, arguments.Context.CancellationToken) })
            .AddPipeline(breaker)
            .Build();
    }

    private ResiliencePipeline<Attempt> Breaker(string part, CloudLinkingOptions options, TimeProvider time) => new ResiliencePipelineBuilder<Attempt> { TimeProvider = time }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Attempt>
        {
            FailureRatio = 0.5,
            MinimumThroughput = options.RestAfter,
            SamplingDuration = options.RestWindow,
            BreakDuration = options.RestTime,
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result.IsTrouble),
            OnOpened = arguments =>
            {
                LogResting(Cloud.Name, part, arguments.BreakDuration, arguments.Outcome.Result.Answer?.Detail ?? "");
                return ValueTask.CompletedTask;
            },
            OnClosed = _ =>
            {
                LogAnswers(Cloud.Name, part);
                return ValueTask.CompletedTask;
            },
        })
        .Build();

    private readonly record struct Attempt(TargetAnswer Answer, bool IsOfDevice)
    {
        // 501: it has not what was asked for, and says so well.
        public bool IsTrouble => Answer is { Outcome: not TargetOutcome.Answered } || (Answer is { Status: >= 500 and not 501 } && !IsOfDevice);
    }
}
