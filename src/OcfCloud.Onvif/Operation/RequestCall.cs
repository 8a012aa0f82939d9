using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Outbound;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Operation;

/// <summary>One startDeviceSharing to another cloud, whose address a token gave that nobody has checked.</summary>
internal sealed class RequestCall(OutboundGuard guard, IOptions<OnvifOptions> options, TimeProvider time) : IDisposable
{
    private const int MaxAnswer = 64 * 1024;
    private const int MaxConnectionsPerHost = 8;
    private const string Operation = "/startDeviceSharing";

    private readonly HttpMessageInvoker _http = new(guard.CreateHandler(MaxConnectionsPerHost), disposeHandler: true);

    /// <summary>Sends it: below the address or, where that is what the address says already, to it; where there is nothing, once in the other way.</summary>
    public async Task<RequestOutcome> SendAsync(string xaddr, DeviceConfiguration configuration, CancellationToken stop)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new StartDeviceSharingBody([configuration]));
        var named = new UriBuilder(xaddr);
        var below = new UriBuilder(xaddr) { Path = named.Path.TrimEnd('/') + Operation };
        var isWhole = named.Path.TrimEnd('/').EndsWith(Operation, StringComparison.Ordinal);
        var outcome = await SendAsync((isWhole ? named : below).Uri, body, stop);
        return outcome.IsUnknownThere ? await SendAsync((isWhole ? below : named).Uri, body, stop) : outcome;
    }

    public void Dispose() => _http.Dispose();

    private async Task<RequestOutcome> SendAsync(Uri address, byte[] body, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(options.Value.CloudCallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address)
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
                Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            };
            using var answer = await _http.SendAsync(request, either.Token);
            return await JudgeAsync(answer, either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return RequestOutcome.Failed("The other cloud does not answer in time.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return Judge(e);
        }
    }

    private static async Task<RequestOutcome> JudgeAsync(HttpResponseMessage answer, CancellationToken cancellationToken) => (int)answer.StatusCode switch
    {
        >= 200 and < 300 => RequestOutcome.Taken,
        400 => RequestOutcome.Failed(await ErrorAsync(answer, cancellationToken) switch
        {
            CloudErrorKind.InvalidToken => "The other cloud does not take the share token: it is expired, used, revoked or not its own. Ask for a new one.",
            CloudErrorKind.InvalidConfiguration => "The other cloud or the camera cannot do what was asked: the user level may be more than was granted, or the camera too old or full.",
            _ => "The other cloud refuses, and does not say why.",
        }),
        404 or 405 => new RequestOutcome(false, "The other cloud shares no cameras at the address that the token names.", IsUnknownThere: true),
        429 or 503 => new RequestOutcome(false, "The other cloud is busy.", MayRepeat: true),
        >= 500 => RequestOutcome.Failed("The other cloud failed."),
        _ => RequestOutcome.Failed("The other cloud does not take the request."),
    };

    // Read for one of two words; nothing of it is shown to anybody.
    private static async Task<CloudErrorKind?> ErrorAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaxAnswer];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize<CloudError>(buffer.AsSpan(0, length))?.Error;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static RequestOutcome Judge(Exception e) => (e as HttpRequestException, e.InnerException ?? e) switch
    {
        (_, OutboundRefusedException) => RequestOutcome.Failed("The other cloud's address is not allowed."),
        (_, AuthenticationException) or ({ HttpRequestError: HttpRequestError.SecureConnectionError }, _) => RequestOutcome.Failed("There is no trusted TLS with the other cloud."),
        (_, SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }) or (_, TimeoutException) =>
            new RequestOutcome(false, "The other cloud's name does not resolve.", MayRepeat: true),
        ({ HttpRequestError: HttpRequestError.ConnectionError }, _) => new RequestOutcome(false, "The other cloud takes no connection.", MayRepeat: true),
        _ => RequestOutcome.Failed("The other cloud's answer is no HTTP, or broke off."),
    };
}
