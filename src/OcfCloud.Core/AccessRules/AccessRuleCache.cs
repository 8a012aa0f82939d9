using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;

namespace OcfCloud.Core.AccessRules;

/// <summary>Compiled rules of the users that are here; forgotten when a hint says that they changed.</summary>
public sealed class AccessRuleCache : IDisposable
{
    // More users than have connections on a node; past it the cache starts over.
    private const int MaxUsers = 50_000;

    private readonly AccessRuleStore _store;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<UserId, AccessRuleSet> _known = new();
    private readonly Lock _keeping = new();
    private long _changes;

    internal AccessRuleCache(AccessRuleStore store, IHints hints)
    {
        _store = store;
        _subscription = hints.SubscribeAll(Receive);
    }

    /// <summary>The rules, where they are known; never waits.</summary>
    public bool TryGet(UserId user, [NotNullWhen(true)] out AccessRuleSet? rules) => _known.TryGetValue(user, out rules);

    /// <summary>The rules, read from the store where they are not known.</summary>
    /// <exception cref="Storage.StoreUnavailableException">The store does not answer.</exception>
    public async ValueTask<AccessRuleSet> GetAsync(UserId user, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(user, out var known)) return known;
        var before = Volatile.Read(ref _changes);
        var stored = await _store.GetAsync(user, cancellationToken);
        var rules = stored.Count == 0 ? AccessRuleSet.Empty : new AccessRuleSet(stored);
        lock (_keeping)
        {
            // What was read before a change is not kept, not for a moment: whoever heard of the change may be asking already.
            if (_changes != before) return rules;
            if (_known.Count >= MaxUsers) _known.Clear();
            _known[user] = rules;
        }
        return rules;
    }

    /// <inheritdoc/>
    public void Dispose() => _subscription.Dispose();

    private void Receive(Hint hint)
    {
        if (!hint.IsEverything && hint.Kind is not (EventKind.AccessRulesChanged or EventKind.UserRemoved)) return;
        lock (_keeping) _changes++;
        if (hint.IsEverything) _known.Clear();
        else _known.TryRemove(hint.User, out _);
    }
}
