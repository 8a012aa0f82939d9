using OcfCloud.Coap;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Resources;
using OcfCloud.DeviceGateway.Routing;

namespace OcfCloud.DeviceGateway.Observations;

/// <summary>A client that observes a resource through the cloud. Disposed of when it cancels or its connection ends.</summary>
/// <param name="asker">The client's connection.</param>
/// <param name="session">Its session, for the access rules.</param>
/// <param name="observation">What it observes.</param>
/// <param name="request">The registration as it came.</param>
internal sealed class RemoteObserver(DeviceConnection asker, DeviceSession session, ResourceObservation observation, CoapMessage request)
    : Observer, ILaggingObserver, IDisposable
{
    private readonly bool _wantsVersion =
        request.Options.Contains(CoapOptionNumber.OcfAcceptContentFormatVersion) || request.Options.Contains(CoapOptionNumber.OcfContentFormatVersion);

    private volatile bool _missed;
    private bool _isOver;

    /// <summary>The client's session.</summary>
    public DeviceSession Session => session;

    /// <summary>Whether to deliver the value takes so little that the device's reading task can do it.</summary>
    public bool IsQuick(ObservedValue value) => IsInPlace(value) && NotificationOf(value, sequence: 0).MaxSize <= asker.MaxMessageSize;

    /// <inheritdoc/>
    public override void Deliver(ObservedValue value, uint? sequence, CoapFlushBatch? batch)
    {
        if (_isOver)
            return;
        _isOver = sequence is null;
        var status = Send(value, sequence, batch);
        // A client that reads again is told the newest value then.
        _missed = status == CoapSendStatus.Full && !_isOver;
        if (_missed)
            asker.ObserverMissed();
        if (!_isOver)
            return;
        asker.ForgetObservation(request.Token, this);
        // On another thread: the observation is at its list of observers now.
        if (sequence is not null)
            ThreadPool.UnsafeQueueUserWorkItem(static observer => observer.Dispose(), this, preferLocal: false);
    }

    /// <inheritdoc/>
    public override void End(CoapMessage answer)
    {
        asker.Send(request, answer);
        asker.ForgetObservation(request.Token, this);
    }

    /// <inheritdoc/>
    public void DeliverMissed()
    {
        if (_missed)
            observation.DeliverAgain(this);
    }

    /// <inheritdoc/>
    public void Dispose() => observation.Remove(this);

    private bool IsInPlace(ObservedValue value) =>
        request.Accept is null or CoapContentFormat.OcfCbor && value.Format is null or CoapContentFormat.OcfCbor && !request.IsBlockwise;

    private Notification NotificationOf(ObservedValue value, uint? sequence) => new(value, request.Token, sequence, _wantsVersion && value.Format is not null);

    private CoapSendStatus Send(ObservedValue value, uint? sequence, CoapFlushBatch? batch)
    {
        if (IsInPlace(value))
        {
            var notification = NotificationOf(value, sequence);
            if (notification.MaxSize <= asker.MaxMessageSize)
                return asker.TryNotify(notification, batch);
        }

        var answer = CoapMessage.Response(value.Code);
        answer.Payload = value.Payload.ToArray();
        if (value.Format is { } format)
            answer.WithOption(CoapOptionNumber.ContentFormat, format);
        if (!value.ETag.IsEmpty)
            answer.Options.Add(CoapOptionNumber.ETag, value.ETag.ToArray());
        if (value.MaxAge is { } seconds)
            answer.WithOption(CoapOptionNumber.MaxAge, seconds);
        answer = FormatConversion.ToAsker(answer, request.Accept);
        if (sequence is not { } number)
            return asker.Send(request, answer, batch);
        // RFC 7641, 4.2: a notification that is an error is the last one.
        _isOver = !answer.Code.IsSuccess;
        if (_isOver)
            return asker.Send(request, answer, batch);
        var outcome = asker.TryNotify(answer.WithOption(CoapOptionNumber.Observe, number), request);
        if (outcome == NotifyOutcome.Sent)
            return CoapSendStatus.Sent;
        _isOver = outcome == NotifyOutcome.TooLarge;
        return _isOver ? asker.Send(request, answer, batch) : CoapSendStatus.Full;
    }
}
