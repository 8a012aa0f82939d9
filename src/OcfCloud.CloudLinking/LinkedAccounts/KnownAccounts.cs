using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>Which account a user has with a linked cloud, so that a request asks no store; forgotten at a hint, and after <see cref="CloudLinkingOptions.CheckInterval"/>.</summary>
internal sealed class KnownAccounts : IDisposable
{
    // More than are asked for on a node at one time; past it the memory starts over.
    private const int MaxKnown = 100_000;

    private readonly Store _store;
    private readonly CloudLinkingOptions _options;
    private readonly TimeProvider _time;
    private readonly IDisposable _hints;
    private readonly ConcurrentDictionary<(UserId User, Guid LinkedCloud), (Guid? Account, DateTimeOffset ReadAt)> _known = new();
    private readonly Lock _keeping = new();
    private long _changes;

    public KnownAccounts(Store store, IHints hints, IOptions<CloudLinkingOptions> options, TimeProvider time)
    {
        _store = store;
        _options = options.Value;
        _time = time;
        _hints = hints.SubscribeAll(Receive);
    }

    /// <summary>The account in whichever state but unlinking; null where there is none.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async ValueTask<Guid?> FindAsync(UserId user, Guid linkedCloud, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (_known.TryGetValue((user, linkedCloud), out var known) && known.ReadAt <= now && now - known.ReadAt < _options.CheckInterval) return known.Account;
        var before = Volatile.Read(ref _changes);
        var account = await _store.ReadAsync(
            (context, token) => context.Set<LinkedAccount>()
                .Where(a => a.UserId == user && a.LinkedCloudId == linkedCloud && a.State != AccountState.Unlinking).Select(a => (Guid?)a.Id).SingleOrDefaultAsync(token),
            cancellationToken);
        lock (_keeping)
        {
            // What was read before a change is not kept, not for a moment: whoever heard of the change may be asking already.
            if (_changes != before) return account;
            if (_known.Count >= MaxKnown) _known.Clear();
            _known[(user, linkedCloud)] = (account, now);
        }
        return account;
    }

    public void Dispose() => _hints.Dispose();

    private void Receive(Hint hint)
    {
        // Linking and unlinking change all of a user's mirrored devices at once.
        if (!hint.IsEverything && !(hint.Kind == EventKind.UserRemoved || (hint.Kind == EventKind.MirrorChanged && hint.Device is null))) return;
        lock (_keeping) _changes++;
        foreach (var (key, _) in _known)
        {
            if (hint.IsEverything || key.User == hint.User) _known.TryRemove(key, out _);
        }
    }
}
