using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using OcfCloud.Core.Outbound;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudApi.Notifications;

/// <summary>One POST to a receiver (cloud-to-cloud.md, 1.4).</summary>
internal sealed class NotificationCall : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly NotificationOptions _options;
    private readonly TimeProvider _time;

    public NotificationCall(OutboundGuard guard, NotificationOptions options, TimeProvider time)
    {
        // Each lane has its turns at a host: the retries of a slow one do not take the connections of the first attempts.
        _http = new HttpMessageInvoker(guard.CreateHandler(Enum.GetValues<DeliveryLane>().Length * options.MaxParallelPerHost), disposeHandler: true);
        _options = options;
        _time = time;
    }

    /// <summary>Sends one notification; within <see cref="NotificationOptions.DeliveryTimeout"/> it has come to something.</summary>
    /// <param name="due">Whose it is.</param>
    /// <param name="secret">The signing secret.</param>
    /// <param name="notification">What is sent.</param>
    /// <param name="stop">Breaks off.</param>
    public async Task<Attempt> SendAsync(DueSubscription due, string secret, Notification notification, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(_options.DeliveryTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        try
        {
            using var request = Request(due, secret, notification);

            // The body is nothing to us: leaving it unread drains a small one and ends the connection of a large one.
            using var answer = await _http.SendAsync(request, either.Token);
            return Judge(answer);
        }
        catch (OperationCanceledException)
        {
            return stop.IsCancellationRequested ? new Attempt(AttemptKind.Stopped) : Attempt.Failed("no answer in time");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return Attempt.Failed(Reason(e));
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(DueSubscription due, string secret, Notification notification)
    {
        var body = notification.Body;
        var eventType = EventTypes.NameOf(notification.Kind);
        var subscription = due.Id.ToString("D");
        var timestamp = notification.At.ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, due.EventsUrl)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        Add("Event-Type", eventType);
        Add("Subscription-ID", subscription);
        Add("Sequence-Number", notification.SequenceNumber.ToString(CultureInfo.InvariantCulture));
        Add("Event-Timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        Add("Correlation-ID", due.CorrelationId);
        Add("Event-Signature", EventSignature.Of(secret, body.ContentType, eventType, subscription, notification.SequenceNumber, timestamp, body.Bytes.Span));
        Add("Accept", "application/json");
        if (body.ContentType is not null)
        {
            request.Content = new ReadOnlyMemoryContent(body.Bytes);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", body.ContentType);
        }

        return request;

        void Add(string name, string value) => request.Headers.TryAddWithoutValidation(name, value);
    }

    private Attempt Judge(HttpResponseMessage answer) => answer.StatusCode switch
    {
        >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => new Attempt(AttemptKind.Confirmed),
        HttpStatusCode.Gone => new Attempt(AttemptKind.Gone),
        var status => new Attempt(AttemptKind.Failed, $"answered {(int)status}", RetryAfter(answer)),
    };

    private TimeSpan? RetryAfter(HttpResponseMessage answer) => answer.Headers.RetryAfter is { } header
        ? header.Delta ?? (header.Date - _time.GetUtcNow())
        : null;

    private static string Reason(Exception e) => (e as HttpRequestException, e.InnerException ?? e) switch
    {
        (_, OutboundRefusedException) => "the receiver's address is not allowed",
        (_, SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }) => "the receiver's name does not resolve",
        (_, TimeoutException) => "the receiver's name does not resolve in time",
        (_, AuthenticationException) or ({ HttpRequestError: HttpRequestError.SecureConnectionError }, _) => "no trusted TLS with the receiver",
        ({ HttpRequestError: HttpRequestError.ConnectionError }, _) => "the receiver takes no connection",
        _ => "the receiver's answer is no HTTP, or broke off",
    };
}
