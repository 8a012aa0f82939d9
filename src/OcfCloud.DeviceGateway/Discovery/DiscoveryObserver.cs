using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.DeviceGateway.Observations;
using OcfCloud.DeviceGateway.Resources;

namespace OcfCloud.DeviceGateway.Discovery;

/// <summary>
/// One observation of <c>/oic/res</c>: sends the whole answer again whenever it has become another one.
/// <code>
///   hints (dispatcher's thread) ──► a mark ──► one evaluation at a time (pool) ──► the same as the last? ── no ──► notification
///                                     ▲                                                │
///                                     └── marks meanwhile: one more evaluation ◄───────┘
/// </code>
/// </summary>
internal sealed partial class DiscoveryObserver(
    ICaller caller, UserId user, CoapMessage request, DiscoveryQuery filters, Func<CancellationToken, Task<CoapMessage>> answerAsync, TimeProvider time,
    ILogger logger) : IDisposable
{
    // A burst of changes is one notification, and the store is asked no oftener than this.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _sending = new();
    private IDisposable? _listening;
    private byte[] _lastAnswer = [];
    private ObserveSequence _sequence;
    private bool _changed, _busy = true, _ended;

    /// <summary>Begins to mark changes.</summary>
    public void Listen(IHints hints) => _listening = hints.Subscribe(user, Receive);

    /// <summary>Makes the answer to the registration, from which on changes are notified.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async ValueTask<ResourceAnswer> RegisterAsync(CancellationToken cancellationToken)
    {
        var answer = await answerAsync(cancellationToken);
        if (!answer.Code.IsSuccess || !caller.TryAddObservation(request.Token, this))
        {
            Dispose();
            return new ResourceAnswer(answer, WhenTooLarge: DiscoveryResource.WhenTooLarge);
        }
        _lastAnswer = SHA256.HashData(answer.Payload.Span);
        return new ResourceAnswer(answer.WithOption(CoapOptionNumber.Observe, _sequence.Next()), Answered: Continue, WhenTooLarge: DiscoveryResource.WhenTooLarge);
    }

    /// <summary>Ends it: nothing is sent after this returns.</summary>
    public void Dispose()
    {
        lock (_sending) _ended = true;
        _listening?.Dispose();
    }

    private void Receive(Hint hint)
    {
        if (!Concerns(hint)) return;
        lock (_sending)
        {
            _changed = true;
            if (_busy || _ended) return;
            _busy = true;
        }
        Continue();
    }

    private bool Concerns(Hint hint) => hint.Kind switch
    {
        EventKind.EverythingChanged => true,
        EventKind.DeviceRegistered or EventKind.DeviceUnregistered or EventKind.ResourcesPublished or EventKind.ResourcesUnpublished =>
            filters.Di.Count == 0 || (hint.Device is { } device && filters.Di.Contains(device)),
        // Without a device all that are mirrored for the user may have changed.
        EventKind.MirrorChanged => filters.Di.Count == 0 || hint.Device is not { } mirrored || filters.Di.Contains(mirrored),
        _ => false,
    };

    // Neither the dispatcher nor the connection waits for the store.
    private void Continue() => ThreadPool.UnsafeQueueUserWorkItem(static observer => _ = observer.EvaluateAsync(), this, preferLocal: false);

    private async Task EvaluateAsync()
    {
        try
        {
            while (TryTakeMark())
            {
                // A session that is over, or another one on the same connection, sees nothing of this user's.
                if (caller.Session?.User != user)
                {
                    End(CoapMessage.Response(CoapCode.Unauthorized).WithDiagnostic("the session is over"));
                    return;
                }
                await Task.Delay(await TryNotifyAsync() ? Rest : RetryDelay, time, caller.Ended);
            }
        }
        catch (OperationCanceledException) when (caller.Ended.IsCancellationRequested)
        {
            // The connection ended, and this with it.
        }
        catch (Exception e)
        {
            LogFailed(logger, e);
            End(CoapMessage.Response(CoapCode.InternalServerError));
        }
    }

    private bool TryTakeMark()
    {
        lock (_sending)
        {
            _busy = _changed && !_ended;
            _changed = false;
            return _busy;
        }
    }

    private async Task<bool> TryNotifyAsync()
    {
        CoapMessage answer;
        try
        {
            answer = await answerAsync(caller.Ended);
        }
        catch (StoreUnavailableException e)
        {
            LogRetried(logger, e);
            lock (_sending) _changed = true;
            return false;
        }
        if (!answer.Code.IsSuccess)
        {
            End(answer);
            return true;
        }
        var hash = SHA256.HashData(answer.Payload.Span);
        if (hash.AsSpan().SequenceEqual(_lastAnswer)) return true;
        answer.Token = request.Token;
        answer.Options.Add(CoapOptionNumber.Observe, _sequence.Next());
        switch (Send(answer))
        {
            case NotifyOutcome.Sent:
                _lastAnswer = hash;
                return true;
            case NotifyOutcome.TooLarge:
                End(CoapMessage.Response(CoapCode.RequestEntityTooLarge).WithDiagnostic(DiscoveryResource.WhenTooLarge));
                return true;
            default:
                // A client that reads again is told what is then.
                lock (_sending) _changed = true;
                return false;
        }
    }

    private NotifyOutcome Send(CoapMessage message)
    {
        lock (_sending) return _ended ? NotifyOutcome.Sent : caller.TryNotify(message, request);
    }

    // RFC 7641, 4.2: a notification that is an error is the last one, and has no Observe option.
    private void End(CoapMessage last)
    {
        last.Token = request.Token;
        lock (_sending)
        {
            if (_ended) return;
            _ended = true;
            caller.TryNotify(last, request);
        }
        _listening?.Dispose();
        caller.ForgetObservation(request.Token, this);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An observer of /oic/res was not told of a change because the store does not answer; it is tried again")]
    private static partial void LogRetried(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "An observation of /oic/res ended by an error of the cloud")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
