using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Coap;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Metrics;
using OcfCloud.DeviceGateway.Routing;

namespace OcfCloud.DeviceGateway.Observations;

/// <summary>All observed resources of devices; they outlive the connections of their devices. Hints end those whose device, link or permission went.</summary>
internal sealed partial class ObservationHub : IDisposable
{
    // Requests that a device may be at work on while it is asked for the next of its observations: clients want it too, and what finds no place is lost.
    private const int MostInFlight = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly DeviceAccess _access;
    private readonly ResourceDirectory _directory;
    private readonly GatewayMetrics _metrics;
    private readonly int _mostOfDevice;
    private readonly TimeProvider _time;
    private readonly ILogger<ObservationHub> _logger;
    private readonly IDisposable _hints;
    private readonly ConcurrentDictionary<DeviceId, ImmutableArray<ResourceObservation>> _observations = new();

    public ObservationHub(
        DeviceAccess access, ResourceDirectory directory, IHints hints, GatewayMetrics metrics, IOptions<DeviceGatewayOptions> options, TimeProvider time,
        ILogger<ObservationHub> logger)
    {
        _access = access;
        _directory = directory;
        _metrics = metrics;
        _mostOfDevice = options.Value.MaxObservationsPerDevice;
        _time = time;
        _logger = logger;
        RequestTimeout = options.Value.RequestTimeout;
        _hints = hints.SubscribeAll(Receive);
    }

    /// <summary>How long a device may take to answer.</summary>
    public TimeSpan RequestTimeout { get; }

    /// <summary>The same in milliseconds.</summary>
    public long Timeout => (long)RequestTimeout.TotalMilliseconds;

    /// <summary>Observes a resource for a client; the first value and every change go to it from now on.</summary>
    /// <param name="asker">The client.</param>
    /// <param name="device">The device.</param>
    /// <param name="user">Whose both are.</param>
    /// <param name="target">The device's connection.</param>
    /// <param name="request">The request for the device.</param>
    /// <param name="registration">The client's request as it came.</param>
    /// <param name="number">The registration's number among the client's.</param>
    /// <returns>False: the client, or all on this device together, have as many observations as they may have, or the client has cancelled this one.</returns>
    public async Task<bool> TryObserveAsync(
        DeviceConnection asker, DeviceId device, UserId user, DeviceConnection target, CoapMessage request, CoapMessage registration, long number)
    {
        if (asker.Session is not { } session || !asker.HasRoomForObservation)
            return false;
        if (Of(device).Sum(static observation => observation.ClientCount) >= _mostOfDevice)
        {
            _metrics.Rejected(GatewayLimit.ObservationsPerDevice);
            return false;
        }

        while (true)
        {
            var observation = await FindOrAddAsync(device, user, request, asker.Ended);
            var observer = new RemoteObserver(asker, session, observation, registration);
            // First where the connection's end finds it.
            if (!asker.TryAddObservation(registration.Token, observer, number))
                return false;
            if (observation.TryAdd(observer, target))
            {
                await CheckAddedAsync(asker, registration.Token, observation, observer);
                return true;
            }

            asker.ForgetObservation(registration.Token, observer);
        }
    }

    /// <summary>Observes a resource for the cloud itself.</summary>
    /// <returns>What is observed, for <see cref="ResourceObservation.Remove"/>.</returns>
    public ResourceObservation Observe(Observer observer, DeviceId device, UserId user, CoapMessage request, bool isPublished, DeviceConnection target)
    {
        while (true)
        {
            var observation = FindOrAdd(device, user, request, isPublished);
            if (observation.TryAdd(observer, target))
                return observation;
        }
    }

    /// <summary>A device signed in: what is observed of it is registered there again, and its observers get the value of now.</summary>
    public void DeviceCame(DeviceConnection target, DeviceSession session)
    {
        if (!Of(session.Device).IsEmpty)
            _ = AskAgainAsync(target, session);
    }

    /// <summary>A device's session ended while its connection may stay: nothing that it says counts any more.</summary>
    public void DeviceLeft(DeviceConnection target, DeviceSession session)
    {
        foreach (var observation in Of(session.Device))
            observation.Leave(target);
    }

    /// <summary>An observation ended.</summary>
    public void Remove(ResourceObservation observation)
    {
        while (_observations.TryGetValue(observation.Device, out var all))
        {
            var rest = all.Remove(observation);
            if (rest.IsEmpty ? _observations.TryRemove(KeyValuePair.Create(observation.Device, all)) : _observations.TryUpdate(observation.Device, rest, all))
                return;
        }
    }

    /// <summary>A request of the cloud's own.</summary>
    public static CoapMessage OwnRequest(string path)
    {
        var request = new CoapMessage(CoapCode.Get);
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            request.Options.Add(CoapOptionNumber.UriPath, segment);
        return request.WithOption(CoapOptionNumber.Accept, CoapContentFormat.OcfCbor);
    }

    public void Dispose() => _hints.Dispose();

    private static CoapMessage Gone() => CoapMessage.Response(CoapCode.ServiceUnavailable).WithDiagnostic("the resource is gone");

    private async Task<ResourceObservation> FindOrAddAsync(DeviceId device, UserId user, CoapMessage request, CancellationToken cancellationToken)
    {
        var path = request.Path;
        var isPublished = Find(device, KeyOf(request)) is { } known
            ? known.IsPublished
            : (await _directory.OfDeviceAsync(device, cancellationToken)).Any(link => link.Link.Href.Value == path);
        return FindOrAdd(device, user, request, isPublished);
    }

    private ResourceObservation FindOrAdd(DeviceId device, UserId user, CoapMessage request, bool isPublished)
    {
        var key = KeyOf(request);
        while (true)
        {
            var all = Of(device);
            if (all.FirstOrDefault(o => o.Key == key) is { } known)
            {
                if (known.User == user)
                    return known;
                // The device has another user now.
                known.End(Gone);
                continue;
            }

            var added = new ResourceObservation(this, device, user, key, request.Path, request, isPublished);
            if (all.IsEmpty ? _observations.TryAdd(device, [added]) : _observations.TryUpdate(device, all.Add(added), all))
                return added;
        }
    }

    private ResourceObservation? Find(DeviceId device, string key) => Of(device).FirstOrDefault(o => o.Key == key);

    private ImmutableArray<ResourceObservation> Of(DeviceId device) => _observations.GetValueOrDefault(device, []);

    // No path holds a control character: a question mark, which it may hold, would make two resources one.
    private static string KeyOf(CoapMessage request) => $"{request.Path}\n{string.Join('&', request.UriQuery)}";

    // What ended or was forbidden while the observer was on its way in could not find it yet.
    private async Task CheckAddedAsync(DeviceConnection asker, CoapToken token, ResourceObservation observation, RemoteObserver observer)
    {
        if (asker.Session is null || !asker.HoldsObservation(token, observer))
        {
            asker.ForgetObservation(token, observer);
            observer.Dispose();
            return;
        }

        await CheckAccessAsync(observation, observer);
    }

    private async Task AskAgainAsync(DeviceConnection target, DeviceSession session)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            foreach (var observation in Of(session.Device))
            {
                if (observation.User != session.User)
                {
                    observation.End(Gone);
                    continue;
                }

                while (target.Coap.Requests.InFlight >= MostInFlight && target.Session is not null)
                    await Task.Delay(Pause, _time, target.Ended);
                observation.AskAgain(target);
            }
        }
        catch (OperationCanceledException)
        {
            // The connection ended: the next one asks.
        }
    }

    private void Receive(Hint hint)
    {
        switch (hint.Kind)
        {
            case EventKind.DeviceUnregistered when hint.Device is { } device:
                foreach (var observation in Of(device).Where(o => o.User == hint.User))
                    observation.End(Gone);
                break;
            case EventKind.ResourcesUnpublished when hint.Device is { } device:
                _ = CheckLinksAsync([device]);
                break;
            case EventKind.AccessRulesChanged:
                _ = CheckAccessAsync(o => o.User == hint.User);
                break;
            case EventKind.EverythingChanged:
                _ = CheckLinksAsync(_observations.Keys);
                _ = CheckAccessAsync(_ => true);
                break;
        }
    }

    // One device after the other: a store that has just come back is not asked for all of them at once.
    private async Task CheckLinksAsync(IEnumerable<DeviceId> devices)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        foreach (var device in devices)
        {
            try
            {
                await CheckLinksAsync(device);
            }
            catch (StoreUnavailableException e)
            {
                // The devices themselves end the observations of what they do not have any more.
                LogNotChecked(e, device);
                return;
            }
        }
    }

    private async Task CheckLinksAsync(DeviceId device)
    {
        if (Of(device).Where(o => o.IsPublished).ToList() is not { Count: > 0 } published)
            return;
        var links = await _directory.OfDeviceAsync(device, CancellationToken.None);
        var hrefs = links.Select(link => link.Link.Href.Value).ToHashSet(StringComparer.Ordinal);
        foreach (var observation in published.Where(o => !hrefs.Contains(o.Path)))
            observation.End(Gone);
    }

    private async Task CheckAccessAsync(Func<ResourceObservation, bool> which)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        foreach (var observation in _observations.Values.SelectMany(ofDevice => ofDevice).Where(which))
        {
            foreach (var observer in observation.Clients)
                await CheckAccessAsync(observation, observer);
        }
    }

    private async Task CheckAccessAsync(ResourceObservation observation, RemoteObserver observer)
    {
        try
        {
            const AccessOperations Needed = AccessOperations.Retrieve | AccessOperations.Notify;
            var subject = AccessSubject.OfDevice(observer.Session.Device);
            if (!await _access.AllowsAsync(observer.Session.User, subject, observation.Device, observation.Path, Needed, CancellationToken.None))
                observation.End(observer, CoapMessage.Response(CoapCode.Forbidden).WithDiagnostic("an access rule forbids it"));
        }
        catch (StoreUnavailableException e)
        {
            // What cannot be checked is not allowed: the client registers again.
            LogNotChecked(e, observation.Device);
            observation.End(observer, DeviceConnection.Unavailable("the cloud's store does not answer"));
        }
    }

    /// <summary>A client could not be told a value.</summary>
    [LoggerMessage(Level = LogLevel.Error, Message = "A client that observes device {Device} could not be told a value")]
    public partial void LogNotTold(Exception exception, DeviceId device);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Observations could not be checked against the store, from those of device {Device} on")]
    private partial void LogNotChecked(Exception exception, DeviceId device);
}
