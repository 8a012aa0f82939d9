using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Outbound;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Provisioning;

/// <inheritdoc cref="ICompletionCalls"/>
internal sealed class CompletionCalls(OutboundGuard guard, IOptions<OnvifOptions> options, TimeProvider time) : ICompletionCalls, IDisposable
{
    private const int MaxConnectionsPerHost = 16;

    private readonly HttpMessageInvoker _http = new(guard.CreateHandler(MaxConnectionsPerHost), disposeHandler: true);

    public async Task<CompletionAnswer> SendAsync(string endpointReference, string shareToken, byte[] certificationRequest, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Value.CloudCallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpointReference);
        var body = new DeviceSharingCompletedBody(shareToken, certificationRequest);
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        try
        {
            // Only the status counts: the body is not read.
            using var response = await _http.SendAsync(request, either.Token);
            return Of((int)response.StatusCode, RetryAfterOf(response));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new CompletionAnswer(IsDelivered: false, IsFinal: false, "The other cloud did not answer in time.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            var isRefused = e.InnerException is OutboundRefusedException || e is OutboundRefusedException;
            return new CompletionAnswer(IsDelivered: false, IsFinal: false, isRefused ? "The other cloud's address may not be called." : "The other cloud could not be reached.");
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Which statuses are tried again.</summary>
    internal static CompletionAnswer Of(int status, TimeSpan? retryAfter) => new(
        IsDelivered: status is >= 200 and < 300,
        IsFinal: status is >= 400 and < 500 and not (404 or 408 or 425 or 429),
        $"The other cloud answered {status}.")
    { RetryAfter = retryAfter };

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow(),
        _ => null,
    };
}
