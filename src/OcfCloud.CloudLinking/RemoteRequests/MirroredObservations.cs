using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Requests;

namespace OcfCloud.CloudLinking.RemoteRequests;

/// <summary>All resources of mirrored devices that clients of this node observe, by their devices; hints say what changed.</summary>
internal sealed partial class MirroredObservations : IMirroredObservations, IDisposable
{
    private readonly IMirroredRequests _requests;
    private readonly ILogger<MirroredObservations> _logger;
    private readonly IDisposable _hints;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _renewing;
    private readonly ConcurrentDictionary<(UserId User, DeviceId Device), ImmutableArray<ObservedResource>> _resources = new();

    public MirroredObservations(
        IMirroredRequests requests, IResourceSubscriptions subscriptions, ITargetCalls calls, MirrorStore mirrors, MirrorCache cache, IHints hints,
        IOptions<CloudLinkingOptions> options, TimeProvider time, ILogger<MirroredObservations> logger)
    {
        _requests = requests;
        _logger = logger;
        Subscriptions = subscriptions;
        Calls = calls;
        Mirrors = mirrors;
        Cache = cache;
        Options = options.Value;
        Time = time;
        _hints = hints.SubscribeAll(Receive);
        _renewing = RenewAsync();
    }

    internal IResourceSubscriptions Subscriptions { get; }

    internal ITargetCalls Calls { get; }

    internal MirrorStore Mirrors { get; }

    internal MirrorCache Cache { get; }

    internal CloudLinkingOptions Options { get; }

    internal TimeProvider Time { get; }

    /// <summary>The process stops: interests run out by themselves, unless it is back before.</summary>
    internal bool IsStopping { get; private set; }

    /// <inheritdoc/>
    public async Task<MirroredObservation> ObserveAsync(MirroredRequest request, Action<DeviceAnswer> receive, CancellationToken cancellationToken)
    {
        if (request.Method != DeviceMethod.Get) throw new ArgumentException("Only what is read is observed.", nameof(request));
        var observer = new RemoteObserver(request, receive);
        var resource = FindOrAdd(request);
        while (!resource.TryAdd(observer))
        {
            await resource.Completed.WaitAsync(cancellationToken);
            resource = FindOrAdd(request);
        }

        var isObserved = false;
        try
        {
            await resource.StartAsync().WaitAsync(cancellationToken);
            var first = await _requests.SendAsync(request, cancellationToken);
            if (!RemoteObserver.IsValue(first)) return new MirroredObservation(first, null);
            observer.Begin(first);
            isObserved = true;
            return new MirroredObservation(first, new Registration(resource, observer));
        }
        finally
        {
            if (!isObserved) resource.Remove(observer);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _hints.Dispose();
        IsStopping = true;
        _stopping.Cancel();
        foreach (var resource in _resources.Values.SelectMany(all => all)) resource.End(RemoteAnswers.Refusal(503, "the cloud stops"));
    }

    /// <summary>A new view of a resource.</summary>
    internal ObservedView ViewOf(ObservedResource resource, MirroredRequest request) => new(request, resource, _requests, Options, Time);

    /// <summary>A resource has ended.</summary>
    internal void Remove(ObservedResource resource)
    {
        var key = (resource.Mirror.User, resource.Mirror.Device);
        while (_resources.TryGetValue(key, out var all))
        {
            var rest = all.Remove(resource);
            if (rest.IsEmpty ? _resources.TryRemove(KeyValuePair.Create(key, all)) : _resources.TryUpdate(key, rest, all)) return;
        }
    }

    // One statement for all that clients of this node observe.
    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(Options.InterestTime / 3, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                ObservedResource[] live = [.. _resources.Values.SelectMany(all => all).Where(resource => resource.Live is not null)];
                if (live.Length == 0) continue;
                try
                {
                    var renewed = await Subscriptions.RenewAsync([.. live.Select(resource => resource.Live).OfType<Guid>().Distinct()], _stopping.Token);
                    foreach (var resource in live)
                    {
                        if (resource.Live is { } id && !renewed.Contains(id)) resource.AccountChanged();
                    }
                }
                catch (Exception e) when (!_stopping.IsCancellationRequested)
                {
                    LogNotRenewed(e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    private ObservedResource FindOrAdd(MirroredRequest request)
    {
        var key = (request.Device.User, request.Device.Device);
        while (true)
        {
            var all = _resources.GetValueOrDefault(key, []);
            if (all.FirstOrDefault(r => r.Href == request.Href && r.Mirror.LinkedCloud == request.Device.LinkedCloud) is { } known) return known;
            var added = new ObservedResource(this, request.Device, request.Href);
            if (all.IsEmpty ? _resources.TryAdd(key, [added]) : _resources.TryUpdate(key, all.Add(added), all)) return added;
        }
    }

    private void Receive(Hint hint)
    {
        switch (hint.Kind)
        {
            case EventKind.MirroredValueChanged when hint.Device is { } device:
                foreach (var resource in Of(hint.User, device)) resource.ValueChanged();
                break;
            case EventKind.MirrorChanged or EventKind.DeviceRegistered or EventKind.DeviceUnregistered when hint.Device is { } device:
                foreach (var resource in Of(hint.User, device)) resource.MirrorChanged();
                break;
            case EventKind.MirrorChanged or EventKind.UserRemoved:
                foreach (var resource in _resources.Where(of => of.Key.User == hint.User).SelectMany(of => of.Value))
                {
                    resource.MirrorChanged();
                    resource.AccountChanged();
                }

                break;
            case EventKind.EverythingChanged:
                foreach (var resource in _resources.Values.SelectMany(all => all))
                {
                    resource.MirrorChanged();
                    resource.AccountChanged();
                    resource.ValueChanged();
                }

                break;
        }
    }

    private ImmutableArray<ObservedResource> Of(UserId user, DeviceId device) => _resources.GetValueOrDefault((user, device), []);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Resource {Href} of mirrored device {Device} is looked at again, for the store does not answer")]
    internal partial void LogRetried(Exception exception, DeviceId device, string href);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The subscriptions of observed resources of mirrored devices could not be renewed; it is tried again")]
    private partial void LogNotRenewed(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The observation of resource {Href} of mirrored device {Device} failed")]
    internal partial void LogFailed(Exception exception, DeviceId device, string href);

    private sealed class Registration(ObservedResource resource, RemoteObserver observer) : IDisposable
    {
        public void Dispose() => resource.Remove(observer);
    }
}
