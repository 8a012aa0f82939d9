using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.RemoteRequests;

/// <summary>What goes on while a resource is observed: reading what was told, and keeping the subscription.</summary>
internal sealed partial class ObservedResource
{
    // A hint is never missed for long.
    private static readonly TimeSpan LongWait = TimeSpan.FromHours(1);

    private Task _running = Task.CompletedTask;
    private DateTimeOffset _nextPoll, _askAgainAt;

    private async Task LookFirstAsync()
    {
        var mirror = Mirror;
        _isPublished = (await _hub.Mirrors.LinksOfAsync(mirror, Ended)).Any(link => link.Href.Value == Href);
        Volatile.Write(ref _version, (await _hub.Mirrors.ValueOfAsync(mirror, Href, Ended))?.Version ?? 0);
        _nextPoll = _hub.Time.GetUtcNow() + _hub.Options.PollInterval;
        _running = Task.WhenAll(ReadAsync(), KeepAsync());
    }

    private async Task ReadAsync()
    {
        await RunAsync(async () =>
        {
            bool valueChanged, mirrorChanged;
            lock (_gate) (valueChanged, mirrorChanged, _valueChanged, _mirrorChanged) = (_valueChanged, _mirrorChanged, false, false);
            try
            {
                if (mirrorChanged && !await IsStillThereAsync()) return TimeSpan.Zero;
                if (valueChanged) await ReadValueAsync();
            }
            catch (StoreUnavailableException)
            {
                lock (_gate)
                {
                    _valueChanged |= valueChanged;
                    _mirrorChanged |= mirrorChanged;
                }

                throw;
            }

            return LongWait;
        }, _marked);
    }

    // One read for all observers; of values that come meanwhile the newest is read next.
    private async Task ReadValueAsync()
    {
        var value = await _hub.Mirrors.ValueOfAsync(Mirror, Href, Ended);
        if (value is null || value.Version <= Version) return;
        Volatile.Write(ref _version, value.Version);
        foreach (var view in Views()) view.Take(value);
    }

    private async Task<bool> IsStillThereAsync()
    {
        var mirror = Mirror;
        var now = await _hub.Cache.FindAsync(mirror.User, mirror.Device, Ended);
        if (now is null || now.LinkedCloud != mirror.LinkedCloud)
        {
            End(RemoteAnswers.Refusal(503, "the device is gone"));
            return false;
        }

        Volatile.Write(ref _mirror, now);
        if (!_isPublished || (await _hub.Mirrors.LinksOfAsync(now, Ended)).Any(link => link.Href.Value == Href)) return true;
        End(RemoteAnswers.Refusal(503, "the resource is gone"));
        return false;
    }

    private Task KeepAsync() => RunAsync(KeepOnceAsync, _wanted);

    private async Task<TimeSpan> KeepOnceAsync()
    {
        var mirror = Mirror;
        lock (_gate)
        {
            if (_accountChanged) _askAgainAt = default;
            _accountChanged = false;
        }

        if (_hub.Time.GetUtcNow() < _askAgainAt) return PollWhenDue();
        _account = await _hub.Calls.FindAccountAsync(mirror.User, mirror.LinkedCloud, Ended) ?? _account;
        var ensured = _account is { } account
            ? await _hub.Subscriptions.EnsureAsync(account, mirror.Device, Href, Ended)
            : new EnsuredSubscription(EnsureOutcome.NoAccount);
        var outcome = ensured.Outcome;
        lock (_gate) _live = outcome == EnsureOutcome.Live ? ensured.Id : null;
        var renewal = _hub.Options.InterestTime / 3;
        switch (outcome)
        {
            case EnsureOutcome.NoAccount:
                End(RemoteAnswers.NeedsLinking());
                return TimeSpan.Zero;
            case EnsureOutcome.Live:
                // Renewed with all others of this node.
                return LongWait;
            default:
                // No events come of it: not yet, or never; then it is asked for as seldom as the worker asks for what was refused.
                if (outcome is EnsureOutcome.UnknownTarget or EnsureOutcome.NoEvents) _askAgainAt = _hub.Time.GetUtcNow() + (_hub.Options.ResubscribeDelay * SubscriptionRows.RestsOfRefused);
                var untilPoll = PollWhenDue();
                return untilPoll < renewal ? untilPoll : renewal;
        }
    }

    private TimeSpan PollWhenDue()
    {
        var now = _hub.Time.GetUtcNow();
        if (now < _nextPoll) return _nextPoll - now;
        foreach (var view in Views()) view.Fetch();
        _nextPoll = now + _hub.Options.PollInterval;
        return _hub.Options.PollInterval;
    }

    private async Task RunAsync(Func<Task<TimeSpan>> stepAsync, WakeSignal wake)
    {
        // Whoever starts it goes on.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (!Ended.IsCancellationRequested)
            {
                TimeSpan rest;
                try
                {
                    rest = await stepAsync();
                }
                catch (StoreUnavailableException e)
                {
                    _hub.LogRetried(e, Mirror.Device, Href);
                    await Task.Delay(_hub.Options.ObservationRetry, _hub.Time, Ended);
                    continue;
                }

                await wake.WaitAsync(rest, _hub.Time, Ended);
            }
        }
        catch (OperationCanceledException) when (Ended.IsCancellationRequested)
        {
            // Nobody observes any more.
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }
}
