using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OcfCloud.Coap;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Requests;
using OcfCloud.Core.Storage;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Routing;

namespace OcfCloud.DeviceGateway.Observations;

/// <summary>The clients of this node that observe resources of mirrored devices. What a device says comes by <see cref="IMirroredObservations"/>; hints end those whose
/// permission went.</summary>
internal sealed partial class MirroredObservers : IDisposable
{
    private readonly DeviceAccess _access;
    private readonly ILogger<MirroredObservers> _logger;
    private readonly IMirroredObservations? _observations;
    private readonly IDisposable _hints;
    private readonly ConcurrentDictionary<MirroredObserver, bool> _observers = new();

    public MirroredObservers(DeviceAccess access, IHints hints, ILogger<MirroredObservers> logger, IMirroredObservations? observations = null)
    {
        _access = access;
        _logger = logger;
        _observations = observations;
        _hints = hints.SubscribeAll(Receive);
    }

    /// <summary>Whether a client may register; else its request is a plain one (RFC 7641, 4.1).</summary>
    public bool CanObserve(DeviceConnection asker) => _observations is not null && asker.HasRoomForObservation;

    /// <summary>Observes a resource for a client.</summary>
    /// <param name="asker">The client.</param>
    /// <param name="session">Its session.</param>
    /// <param name="asked">The request.</param>
    /// <param name="request">The registration as it came.</param>
    /// <param name="number">Its number among the client's.</param>
    /// <returns>A plain answer; null where the observation's first one is out.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<CoapMessage?> ObserveAsync(DeviceConnection asker, DeviceSession session, MirroredRequest asked, CoapMessage request, long number)
    {
        var observer = new MirroredObserver(asker, session, asked.Device, asked.Href, request);
        var observation = await _observations!.ObserveAsync(asked, observer.Receive, asker.Ended);
        if (observation.Registration is not { } registration)
            return MirroredMessages.ToAsker(observation.First, asked.Device.Device);

        _observers[observer] = true;
        observer.Hold(registration, () => _observers.TryRemove(observer, out _));
        // Cancelled meanwhile, or as many as there may be: the answer is a plain one.
        if (!asker.TryAddObservation(request.Token, observer, number))
        {
            observer.Dispose();
            return MirroredMessages.ToAsker(observation.First, asked.Device.Device);
        }

        observer.Begin(observation.First);
        // What ended or was forbidden while the observer was on its way in could not find it yet.
        if (asker.Session is null || !asker.HoldsObservation(request.Token, observer))
            observer.Dispose();
        else
            await CheckAccessAsync(observer);
        return null;
    }

    public void Dispose() => _hints.Dispose();

    private void Receive(Hint hint)
    {
        switch (hint.Kind)
        {
            case EventKind.AccessRulesChanged:
                _ = CheckAccessAsync(hint.User);
                break;
            case EventKind.EverythingChanged:
                _ = CheckAccessAsync(user: null);
                break;
        }
    }

    private async Task CheckAccessAsync(UserId? user)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        foreach (var (observer, _) in _observers)
        {
            if (user is null || observer.Session.User == user)
                await CheckAccessAsync(observer);
        }
    }

    private async Task CheckAccessAsync(MirroredObserver observer)
    {
        try
        {
            const AccessOperations Needed = AccessOperations.Retrieve | AccessOperations.Notify;
            var subject = AccessSubject.OfDevice(observer.Session.Device);
            if (!await _access.AllowsAsync(observer.Session.User, subject, observer.Mirror.Device, observer.Path, Needed, CancellationToken.None))
                observer.End(CoapMessage.Response(CoapCode.Forbidden).WithDiagnostic("an access rule forbids it"));
        }
        catch (StoreUnavailableException e)
        {
            // What cannot be checked is not allowed: the client registers again.
            LogNotChecked(e, observer.Mirror.Device);
            observer.End(DeviceConnection.Unavailable("the cloud's store does not answer"));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An observation of mirrored device {Device} could not be checked against the store")]
    private partial void LogNotChecked(Exception exception, DeviceId device);
}
