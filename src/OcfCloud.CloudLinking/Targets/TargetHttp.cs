using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace OcfCloud.CloudLinking.Targets;

/// <summary>One exchange with a Target: its whole answer within bounds, or why there is none. What a Target does wrong is no exception here.</summary>
internal sealed class TargetHttp(HttpMessageHandler handler, TimeSpan maxRetryAfter, TimeProvider time) : IDisposable
{
    private const int ReadSize = 4096;

    private readonly HttpMessageInvoker _http = new(handler, disposeHandler: true);

    /// <summary>Asks for HTTP/2, where the other end has it.</summary>
    public static void Prepare(HttpRequestMessage request) => (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrLower);

    /// <summary>Sends.</summary>
    /// <param name="request">The request.</param>
    /// <param name="maxAnswer">Bytes that the answer's body may have.</param>
    /// <param name="deadline">When there has to be a whole answer.</param>
    public async Task<TargetAnswer> SendAsync(HttpRequestMessage request, int maxAnswer, CancellationToken deadline)
    {
        try
        {
            using var answer = await _http.SendAsync(request, deadline);
            var body = await ReadAsync(answer.Content, maxAnswer, deadline);
            return body is null
                ? TargetFailure.TooLarge
                : new TargetAnswer(TargetOutcome.Answered)
                {
                    Status = (int)answer.StatusCode,
                    ContentType = FirstOf(answer.Content.Headers, "Content-Type"),
                    Body = body.Value,
                    ETag = FirstOf(answer.Headers, "ETag"),
                    Location = FirstOf(answer.Headers, "Location"),
                    RetryAfter = RetryAfterOf(answer.Headers),
                };
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return TargetFailure.TimedOut;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            // Cancelled without us: a limit of the connection's own.
            return TargetFailure.Of(e);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The body; null: it is larger than allowed. What is left unread ends with its connection.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContent content, int max, CancellationToken deadline)
    {
        var said = content.Headers.ContentLength;
        if (said > max) return null;
        using var stream = await content.ReadAsStreamAsync(deadline);
        var kept = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await stream.ReadAsync(kept.GetMemory(ReadSize), deadline);
            if (read == 0) return kept.WrittenMemory;
            if (kept.WrittenCount + read > max) return null;
            kept.Advance(read);
        }
    }

    private static string? FirstOf(HttpHeaders headers, string name) => headers.NonValidated.TryGetValues(name, out var values) ? values.First() : null;

    private TimeSpan? RetryAfterOf(HttpResponseHeaders headers)
    {
        RetryConditionHeaderValue? said;
        try
        {
            said = headers.RetryAfter;
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            return null;
        }

        var wait = said?.Delta ?? (said?.Date - time.GetUtcNow());
        return wait is not { } span ? null : span < TimeSpan.Zero ? TimeSpan.Zero : span > maxRetryAfter ? maxRetryAfter : span;
    }
}
