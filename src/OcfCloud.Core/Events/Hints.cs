using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Events;

/// <summary>Hands the hints of the dispatcher, or of the node that it runs on, to whoever listens in this process.</summary>
internal sealed partial class Hints(ILogger<Hints> logger) : IHints
{
    private readonly ConcurrentDictionary<UserId, ImmutableArray<Subscription>> _ofUsers = new();
    private ImmutableArray<Subscription> _ofAll = [];

    public IDisposable Subscribe(UserId user, Action<Hint> receive)
    {
        var subscription = new Subscription(this, user, receive);
        _ofUsers.AddOrUpdate(user, [subscription], (_, others) => others.Add(subscription));
        return subscription;
    }

    public IDisposable SubscribeAll(Action<Hint> receive)
    {
        var subscription = new Subscription(this, null, receive);
        ImmutableInterlocked.Update(ref _ofAll, (all, added) => all.Add(added), subscription);
        return subscription;
    }

    public void Publish(Hint hint)
    {
        foreach (var subscription in _ofAll) Deliver(subscription, hint);
        if (hint.IsEverything)
        {
            foreach (var (_, subscriptions) in _ofUsers)
            {
                foreach (var subscription in subscriptions) Deliver(subscription, hint);
            }
        }
        else if (_ofUsers.TryGetValue(hint.User, out var subscriptions))
        {
            foreach (var subscription in subscriptions) Deliver(subscription, hint);
        }
    }

    private void Deliver(Subscription subscription, Hint hint)
    {
        try
        {
            subscription.Receive(hint);
        }
        catch (Exception e)
        {
            // One listener's bug is not the others' loss.
            LogListenerFailed(e, hint.Kind);
        }
    }

    private void Remove(Subscription subscription)
    {
        if (subscription.User is not { } user)
        {
            ImmutableInterlocked.Update(ref _ofAll, (all, removed) => all.Remove(removed), subscription);
            return;
        }
        while (_ofUsers.TryGetValue(user, out var subscriptions))
        {
            var rest = subscriptions.Remove(subscription);
            var done = rest.IsEmpty
                ? _ofUsers.TryRemove(KeyValuePair.Create(user, subscriptions))
                : _ofUsers.TryUpdate(user, rest, subscriptions);
            if (done) return;
        }
    }

    private sealed class Subscription(Hints hints, UserId? user, Action<Hint> receive) : IDisposable
    {
        public UserId? User => user;

        public Action<Hint> Receive => receive;

        public void Dispose() => hints.Remove(this);
    }
}
