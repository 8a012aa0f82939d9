using OcfCloud.Coap;
using OcfCloud.DeviceGateway.Metrics;
using OcfCloud.DeviceGateway.Observations;
using OcfCloud.DeviceGateway.Resources;
using OcfCloud.DeviceGateway.Routing;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>What goes back to the peer.</summary>
internal sealed partial class DeviceConnection
{
    /// <summary>Answers a request whose answer is always the same, on the reading task.</summary>
    /// <returns>False: it has to be handled.</returns>
    private bool TryAnswerAtOnce(ICloudResource resource, in CoapFrame request)
    {
        if (resource.Ready(request.Code) is not { } answer || !PlainRequest.Is(request, out var wantsVersion))
            return false;
        var source = new ReadyAnswerSource(answer, request.Token, wantsVersion);
        if (source.MaxSize > MaxMessageSize)
            return false;
        _services.Metrics.Answered(request.Code, answer.Code, RequestTargetKind.Cloud);
        Coap.TrySend(source, Coap.Batch);
        return true;
    }

    /// <summary>Refuses a request, on the reading task.</summary>
    public void Refuse(in CoapFrame request, CoapCode code, string? diagnostic, RequestTargetKind target)
    {
        _services.Metrics.Answered(request.Code, code, target);
        var answer = CoapMessage.Response(code);
        answer.Token = request.Token;
        if (diagnostic is not null)
            answer.WithDiagnostic(diagnostic);
        Coap.TrySend(answer, Coap.Batch);
    }

    /// <summary>Refuses a request that may succeed later, on the reading task.</summary>
    public void RefuseForNow(in CoapFrame request, string diagnostic, RequestTargetKind target)
    {
        _services.Metrics.Answered(request.Code, CoapCode.ServiceUnavailable, target);
        var answer = Unavailable(diagnostic);
        answer.Token = request.Token;
        Coap.TrySend(answer, Coap.Batch);
    }

    /// <summary>Refuses a request without a session, unless a sign-in is being worked on: then the request waits for its turn.</summary>
    public void RefuseUnlessSigningIn(in CoapFrame request, RequestTargetKind target)
    {
        var named = RequestTarget.Of(request, _services.Resources);
        if (_requests.IsBusy)
        {
            Enqueue(named, request);
            return;
        }

        Refuse(request, CoapCode.Unauthorized, "not signed in", target);
        _services.Refusals.RecordNotSignedIn(KnownDevice, named.Resource, request.Code);
    }

    /// <summary>Records an answer of a resource where it refuses.</summary>
    public void RecordRefusal(ICloudResource resource, CoapCode method, in ResourceAnswer answer) => _services.Refusals.Record(KnownDevice, resource, method, answer);

    /// <summary>A device will not answer.</summary>
    public void Fail(CoapToken token, CoapCode method, CoapRequestFailure failure)
    {
        var answer = AnswerOf(failure);
        _services.Metrics.Answered(method, answer.Code, RequestTargetKind.Device);
        answer.Token = token;
        Coap.TrySend(answer);
    }

    /// <summary>Sends an answer that is counted as one.</summary>
    public void Answer(CoapMessage request, CoapMessage answer, RequestTargetKind target)
    {
        _services.Metrics.Answered(request.Code, answer.Code, target);
        Send(request, answer);
    }

    /// <summary>Sends an answer: with the request's token, OCF's version where the asker takes it, in blocks where it is too large.</summary>
    /// <param name="request">The request as it came.</param>
    /// <param name="answer">The whole answer.</param>
    /// <param name="batch">The batch of the reading task that runs this call; null: flushed at once.</param>
    public CoapSendStatus Send(CoapMessage request, CoapMessage answer, CoapFlushBatch? batch = null) => Coap.TrySend(Fit(request, answer), batch);

    /// <summary>The same, and says what became of it.</summary>
    /// <param name="request">The request as it came.</param>
    /// <param name="answer">The whole answer.</param>
    /// <param name="whenTooLarge">What the peer is told with 4.13; null: how large it is.</param>
    /// <returns>False: the answer was too large and a refusal went out instead, or the peer takes nothing more.</returns>
    public bool TrySendAsIs(CoapMessage request, CoapMessage answer, string? whenTooLarge)
    {
        var fitting = Fit(request, answer);
        if (whenTooLarge is not null && fitting.Code == CoapCode.RequestEntityTooLarge && fitting != answer)
            fitting.WithDiagnostic(whenTooLarge);
        _services.Metrics.Answered(request.Code, fitting.Code, RequestTargetKind.Cloud);
        return Coap.TrySend(fitting) == CoapSendStatus.Sent && fitting.Code == answer.Code;
    }

    /// <summary>Sends a notification that needs no cutting.</summary>
    public CoapSendStatus TryNotify(in Notification notification, CoapFlushBatch? batch)
    {
        var status = Coap.TrySend(notification, batch);
        if (status == CoapSendStatus.Sent)
            _services.Metrics.Notified();
        return status;
    }

    /// <inheritdoc/>
    public NotifyOutcome TryNotify(CoapMessage notification, CoapMessage request)
    {
        var fitting = Fit(request, notification);
        if (fitting.Code != notification.Code)
            return NotifyOutcome.TooLarge;
        if (Coap.TrySend(fitting) != CoapSendStatus.Sent)
            return NotifyOutcome.NotNow;
        _services.Metrics.Notified();
        return NotifyOutcome.Sent;
    }

    /// <summary>The answer of a gateway for a device that does not give one (device-to-cloud.md, 8).</summary>
    public static CoapMessage AnswerOf(CoapRequestFailure failure) => failure switch
    {
        CoapRequestFailure.TimedOut => CoapMessage.Response(CoapCode.GatewayTimeout).WithDiagnostic("the device does not answer"),
        CoapRequestFailure.ConnectionClosed => Unavailable("the device is offline"),
        CoapRequestFailure.Busy => Unavailable("the device takes no more requests now"),
        CoapRequestFailure.TooLarge => CoapMessage.Response(CoapCode.RequestEntityTooLarge).WithDiagnostic("larger than the device takes"),
        _ => CoapMessage.Response(CoapCode.BadGateway).WithDiagnostic("the device's answer makes no sense"),
    };

    /// <summary>Try again later.</summary>
    public static CoapMessage Unavailable(string diagnostic) =>
        CoapMessage.Response(CoapCode.ServiceUnavailable).WithOption(CoapOptionNumber.MaxAge, RequestRouter.RetryAfter).WithDiagnostic(diagnostic);

    private CoapMessage Fit(CoapMessage request, CoapMessage answer)
    {
        // A block of an answer that was kept, or the demand for the next block: cut already.
        if (answer.IsBlockwise)
        {
            answer.Token = request.Token;
            return answer;
        }

        if (answer.ContentFormat == CoapContentFormat.OcfCbor && !answer.Payload.IsEmpty && !answer.Options.Contains(CoapOptionNumber.OcfContentFormatVersion)
            && (request.Options.Contains(CoapOptionNumber.OcfAcceptContentFormatVersion) || request.Options.Contains(CoapOptionNumber.OcfContentFormatVersion)))
        {
            answer.WithOption(CoapOptionNumber.OcfContentFormatVersion, ForwardedAnswer.FormatVersion);
        }

        answer.Token = request.Token;
        if (!request.IsBlockwise && answer.MaxSize <= MaxMessageSize)
            return answer;
        var fitting = Transfers.Fit(request, answer, MaxMessageSize);
        fitting.Token = request.Token;
        return fitting;
    }
}
