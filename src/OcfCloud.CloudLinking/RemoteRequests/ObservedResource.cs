using OcfCloud.Core.Events;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Requests;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.RemoteRequests;

/// <summary>
/// A resource of a mirrored device that clients of this node observe, however many: one subscription, one read a change (cloud-to-cloud.md, 2).
/// <code>
///   hints ──► marks ──► value row ──► views (query, format) ──► observers
///   subscription: there? renewed with the others each third of the interest's time ── no ──► asked for like a Target without events, at the poll interval
/// </code>
/// It lives until its last observer leaves or it ends; then it says so at the other cloud, and only after that another one of the same resource can begin.
/// </summary>
internal sealed partial class ObservedResource
{
    private readonly MirroredObservations _hub;
    private readonly Lock _gate = new();
    private readonly List<(RemoteObserver Observer, ObservedView View)> _observers = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WakeSignal _marked = new(), _wanted = new();
    private Task? _start;
    private MirroredDevice _mirror;
    private Guid? _account, _live;
    private long _version;
    private bool _isPublished, _hasEnded, _valueChanged, _mirrorChanged, _accountChanged;

    public ObservedResource(MirroredObservations hub, MirroredDevice mirror, string href) => (_hub, _mirror, Href) = (hub, mirror, href);

    /// <summary>The device as it was last looked at.</summary>
    public MirroredDevice Mirror => Volatile.Read(ref _mirror);

    /// <summary>The path on the device.</summary>
    public string Href { get; }

    /// <summary>The version of the value that was told last.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Cancelled when nobody observes it any more.</summary>
    public CancellationToken Ended => _ending.Token;

    /// <summary>Its subscription, while events come by it.</summary>
    public Guid? Live
    {
        get
        {
            lock (_gate) return _hasEnded ? null : _live;
        }
    }

    /// <summary>Completes when it has ended and let go of its subscription.</summary>
    public Task Completed => _completed.Task;

    /// <summary>Adds an observer, which is told nothing before its <see cref="RemoteObserver.Begin"/>.</summary>
    /// <returns>False: it has ended; another one has to be made once <see cref="Completed"/>.</returns>
    public bool TryAdd(RemoteObserver observer)
    {
        lock (_gate)
        {
            if (_hasEnded) return false;
            var key = ObservedView.KeyOf(observer.Request);
            var view = _observers.Find(o => o.View.Key == key).View ?? _hub.ViewOf(this, observer.Request);
            _observers.Add((observer, view));
            return true;
        }
    }

    /// <summary>Takes an observer out; the last one ends it.</summary>
    public void Remove(RemoteObserver observer)
    {
        observer.Stop();
        TakeOut(observer);
    }

    /// <summary>Looks at what there is before the first observer asks, so that no change after that is missed; once, however many wait.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task StartAsync()
    {
        lock (_gate) return _start ??= LookFirstAsync();
    }

    /// <summary>Whether a view has observers: one that lost its last gets no others.</summary>
    public bool IsObserved(ObservedView view)
    {
        lock (_gate) return _observers.Exists(o => o.View == view);
    }

    /// <summary>Hands an answer to the observers of a view; an error ends their observation.</summary>
    public void Offer(ObservedView view, DeviceAnswer answer)
    {
        RemoteObserver[] observers;
        lock (_gate) observers = [.. _observers.Where(o => o.View == view).Select(o => o.Observer)];
        foreach (var observer in observers)
        {
            observer.Offer(answer);
            if (!RemoteObserver.IsValue(answer)) TakeOut(observer);
        }
    }

    /// <summary>Ends it for all.</summary>
    public void End(DeviceAnswer last)
    {
        RemoteObserver[] observers;
        lock (_gate)
        {
            if (_hasEnded) return;
            _hasEnded = true;
            observers = [.. _observers.Select(o => o.Observer)];
            _observers.Clear();
        }

        foreach (var observer in observers) observer.Offer(last);
        _ = LetGoAsync();
    }

    /// <summary>The cloud failed at it.</summary>
    public void Fail(Exception exception)
    {
        _hub.LogFailed(exception, Mirror.Device, Href);
        End(RemoteAnswers.Refusal(500, "the cloud failed"));
    }

    /// <summary>A value may have been told.</summary>
    public void ValueChanged()
    {
        lock (_gate) _valueChanged = true;
        _marked.Set();
    }

    /// <summary>The device or its links may have changed.</summary>
    public void MirrorChanged()
    {
        lock (_gate) _mirrorChanged = true;
        _marked.Set();
    }

    /// <summary>The account or the subscription may have changed.</summary>
    public void AccountChanged()
    {
        lock (_gate) _accountChanged = true;
        _wanted.Set();
    }

    private ObservedView[] Views()
    {
        lock (_gate) return [.. _observers.Select(o => o.View).Distinct()];
    }

    private void TakeOut(RemoteObserver observer)
    {
        lock (_gate)
        {
            _observers.RemoveAll(o => o.Observer == observer);
            if (_observers.Count > 0 || _hasEnded) return;
            _hasEnded = true;
        }

        _ = LetGoAsync();
    }

    private async Task LetGoAsync()
    {
        // Whoever ends it may hold locks.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await _ending.CancelAsync();
            if (_start is { } start) await start.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_account is { } account && !_hub.IsStopping) await _hub.Subscriptions.EndAsync(account, Mirror.Device, Href, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            // The interest runs out by itself.
        }
        catch (Exception e)
        {
            _hub.LogFailed(e, Mirror.Device, Href);
        }
        finally
        {
            _hub.Remove(this);
            _completed.SetResult();
        }
    }
}
