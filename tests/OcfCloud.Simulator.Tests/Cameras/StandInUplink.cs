using System.Net;
using System.Xml.Linq;

namespace OcfCloud.Simulator.Tests.Cameras;

/// <summary>One uplink of a <see cref="StandInCloud"/>: the cloud is the HTTP/2 client on the connection that the camera opened.</summary>
internal sealed class StandInUplink : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly ObservedStream _stream;

    public StandInUplink(Stream stream, bool isWebSocket)
    {
        IsWebSocket = isWebSocket;
        _stream = new ObservedStream(stream);
        Stream? once = _stream;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = (_, _) => Interlocked.Exchange(ref once, null) is { } connection
                ? ValueTask.FromResult<Stream>(connection)
                : throw new IOException("The uplink has ended."),
            UseProxy = false,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        });
    }

    public bool IsWebSocket { get; }

    /// <summary>Ends with the connection.</summary>
    public Task Ended => _stream.Ended;

    /// <summary>Says the preface, with the first request.</summary>
    public Task BeginAsync() => SendAsync("/", "", action: null);

    /// <summary>Calls an operation.</summary>
    /// <returns>The body's element of the answer.</returns>
    public async Task<(HttpStatusCode Status, XElement? Body)> CallAsync(string path, string envelope, string? action = null)
    {
        using var response = await SendAsync(path, envelope, action);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, text.Length == 0 ? null : Soap.BodyOf(text));
    }

    public void Dispose()
    {
        _http.Dispose();
        _stream.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string envelope, string? action)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://uplink.device{path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = Soap.Content(envelope, action),
        };
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
