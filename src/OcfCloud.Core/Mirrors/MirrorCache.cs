using System.Collections.Concurrent;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;

namespace OcfCloud.Core.Mirrors;

/// <summary>Which devices that are asked for here are mirrored, so that a request asks no store; forgotten when a hint says that it changed.</summary>
public sealed class MirrorCache : IDisposable
{
    // More than are asked for on a node at one time; past it the cache starts over.
    private const int MaxEntries = 100_000;

    private readonly MirrorStore _store;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<(UserId User, DeviceId Device), MirroredDevice> _known = new();

    // Whether a user has mirrored devices at all: whoever asks for devices that are not there asks the store once, and pushes nobody else's out.
    private readonly ConcurrentDictionary<UserId, bool> _users = new();
    private readonly Lock _keeping = new();
    private long _changes;

    internal MirrorCache(MirrorStore store, IHints hints)
    {
        _store = store;
        _subscription = hints.SubscribeAll(Receive);
    }

    /// <summary>How many devices are kept.</summary>
    internal int Count => _known.Count;

    /// <summary>The mirrored device, or null, as <see cref="MirrorStore.FindAsync"/>.</summary>
    /// <exception cref="Storage.StoreUnavailableException">The store does not answer.</exception>
    public async ValueTask<MirroredDevice?> FindAsync(UserId user, DeviceId device, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue((user, device), out var known)) return known;
        if (_users.TryGetValue(user, out var hasAny) && !hasAny) return null;
        var before = Volatile.Read(ref _changes);
        var stored = await _store.FindAsync(user, device, cancellationToken);
        var isNewUser = stored is null && !hasAny;
        if (isNewUser) hasAny = await _store.AnyAsync(user, cancellationToken);
        lock (_keeping)
        {
            // What was read before a change is not kept, not for a moment: whoever heard of the change may be asking already.
            if (_changes != before) return stored;
            if (stored is not null)
            {
                if (_known.Count >= MaxEntries) _known.Clear();
                _known[(user, device)] = stored;
            }
            else if (isNewUser)
            {
                if (_users.Count >= MaxEntries) _users.Clear();
                _users[user] = hasAny;
            }
        }
        return stored;
    }

    /// <inheritdoc/>
    public void Dispose() => _subscription.Dispose();

    private void Receive(Hint hint)
    {
        switch (hint.Kind)
        {
            case EventKind.EverythingChanged:
                CountChange();
                _known.Clear();
                _users.Clear();
                break;
            case EventKind.MirrorChanged or EventKind.DeviceRegistered or EventKind.DeviceUnregistered when hint.Device is { } device:
                CountChange();
                _known.TryRemove((hint.User, device), out _);
                _users.TryRemove(hint.User, out _);
                break;
            case EventKind.MirrorChanged or EventKind.UserRemoved:
                CountChange();
                _users.TryRemove(hint.User, out _);
                foreach (var (key, _) in _known)
                {
                    if (key.User == hint.User) _known.TryRemove(key, out _);
                }
                break;
        }
    }

    // Before what is known is forgotten: from here on nothing that was read earlier is kept.
    private void CountChange()
    {
        lock (_keeping) _changes++;
    }
}
