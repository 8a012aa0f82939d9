using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Options;

namespace OcfCloud.Onvif.Uplink;

/// <summary>
/// This cloud as the HTTP/2 client of the cameras that connected to it. One handler has all of them, each under a host of its own: its timers and its settings are there
/// once, not once an uplink.
/// </summary>
internal sealed class UplinkClient : IDisposable
{
    // What cameras see as :authority; they are to ignore it.
    private const string Authority = "uplink.device";

    // KiB.
    private const int MaxHeaders = 16;

    private static readonly TimeSpan LetGo = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, HeldUplink> _offered = new(StringComparer.Ordinal);
    private readonly HttpMessageInvoker _http;
    private readonly int _maxAnswer;

    public UplinkClient(IOptions<OnvifOptions> options)
    {
        _maxAnswer = options.Value.MaxAnswerSize;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            EnableMultipleHttp2Connections = false,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            KeepAlivePingDelay = options.Value.UplinkPing,
            KeepAlivePingTimeout = options.Value.UplinkPingTimeout,
            MaxResponseHeadersLength = MaxHeaders,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
        });
    }

    /// <summary>Makes an uplink known: the first request to it takes its connection, a second connection there is none.</summary>
    public void Offer(HeldUplink uplink) => _offered[uplink.Host] = uplink;

    /// <summary>The uplink is over.</summary>
    public void Withdraw(HeldUplink uplink) => _offered.TryRemove(uplink.Host, out _);

    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <exception cref="CameraOfflineException">The uplink ended before the answer did.</exception>
    /// <exception cref="HttpRequestException">The answer is longer than <see cref="OnvifOptions.MaxAnswerSize"/>, or the camera broke off this one request.</exception>
    public async Task<HttpResponseMessage> SendAsync(HeldUplink uplink, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Else what a camera names as a path could be the end of the host.
        var path = request.RequestUri?.OriginalString ?? "/";
        if (!path.StartsWith('/')) throw new ArgumentException("The request's address is no path.", nameof(request));
        request.RequestUri = new Uri($"http://{uplink.Host}{path}");
        request.Headers.Host = Authority;
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        HttpResponseMessage? answer = null;
        try
        {
            answer = await _http.SendAsync(request, cancellationToken);
            await answer.Content.LoadIntoBufferAsync(_maxAnswer, cancellationToken);
            return answer;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            answer?.Dispose();
            if (await IsOverAsync(uplink, e)) throw new CameraOfflineException("The uplink ended before the camera answered.", e);
            throw;
        }
        catch
        {
            answer?.Dispose();
            throw;
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task<bool> IsOverAsync(HeldUplink uplink, Exception exception)
    {
        var error = (exception as HttpRequestException)?.HttpRequestError ?? (exception as HttpIOException)?.HttpRequestError;
        if (uplink.IsOver || error is HttpRequestError.ConnectionError) return true;
        if (error is HttpRequestError.ConfigurationLimitExceeded) return false;

        // The client tells its requests of the end before it lets go of the connection, and an error of one stream looks the same.
        return await Task.WhenAny(uplink.Over, Task.Delay(LetGo)) == uplink.Over;
    }

    private ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        _offered.TryRemove(context.DnsEndPoint.Host, out var uplink) && !uplink.IsOver
            ? new ValueTask<Stream>(uplink.Stream)
            : ValueTask.FromException<Stream>(new IOException("The uplink is over."));
}
