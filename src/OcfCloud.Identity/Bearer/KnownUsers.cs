using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Devices;
using OcfCloud.Identity.Users;

namespace OcfCloud.Identity.Bearer;

/// <summary>Whether the user of a token is still there, without a query for every request: what is known is good for the check interval.</summary>
internal sealed class KnownUsers(UserAccounts accounts, IOptions<KnownUsersOptions> options, TimeProvider time)
{
    private const int MaxEntries = 10_000;

    private readonly TimeSpan _interval = options.Value.CheckInterval;
    private readonly ConcurrentDictionary<UserId, long> _seen = new();
    private readonly ConcurrentDictionary<string, (UserId Id, long At)> _named = new(StringComparer.Ordinal);

    public async ValueTask<bool> ExistsAsync(UserId user, CancellationToken cancellationToken)
    {
        if (_seen.TryGetValue(user, out var at) && time.GetElapsedTime(at) < _interval)
        {
            return true;
        }

        if (await accounts.FindAsync(user, cancellationToken) is null)
        {
            _seen.TryRemove(user, out _);
            return false;
        }

        Bound(_seen);
        _seen[user] = time.GetTimestamp();
        return true;
    }

    /// <summary>The user of this name, made at its first use; null where it is no name.</summary>
    public async ValueTask<UserId?> EnsureAsync(string name, CancellationToken cancellationToken)
    {
        if (_named.TryGetValue(name, out var known) && time.GetElapsedTime(known.At) < _interval)
        {
            return known.Id;
        }

        if (await accounts.EnsureAsync(name, cancellationToken) is not { } user)
        {
            return null;
        }

        Bound(_named);
        var id = new UserId(user.Id);
        _named[name] = (id, time.GetTimestamp());
        return id;
    }

    // A full cache is emptied: what is still in use comes back with one query each.
    private static void Bound<TKey, TValue>(ConcurrentDictionary<TKey, TValue> entries) where TKey : notnull
    {
        if (entries.Count >= MaxEntries)
        {
            entries.Clear();
        }
    }
}
