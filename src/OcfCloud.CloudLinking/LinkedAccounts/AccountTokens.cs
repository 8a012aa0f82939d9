using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>The access tokens of linked accounts, decrypted once a generation and kept in memory; the store is asked again after <see cref="CloudLinkingOptions.CheckInterval"/>.</summary>
internal sealed class AccountTokens(Store store, SealedSecrets secrets, IOptions<CloudLinkingOptions> options, TimeProvider time)
{
    // More than are used on a node at one time; past it the memory starts over.
    private const int MaxKnown = 100_000;

    // Of a token that lives shorter than five times RefreshAhead.
    private const int PartAhead = 5;

    private readonly ConcurrentDictionary<Guid, AccountToken> _known = new();

    /// <summary>The token of an account in whichever state; null where there is no such account.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async ValueTask<AccountToken?> FindAsync(Guid account, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return _known.TryGetValue(account, out var known) && known.ReadAt <= now && now - known.ReadAt < options.Value.CheckInterval
            ? known
            : await ReadAsync(account, cancellationToken);
    }

    /// <summary>The same from the store.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<AccountToken?> ReadAsync(Guid account, CancellationToken cancellationToken)
    {
        var row = await store.ReadAsync((context, token) => context.Set<LinkedAccount>().SingleOrDefaultAsync(a => a.Id == account, token), cancellationToken);
        if (row is not null) return Keep(row);
        _known.TryRemove(account, out _);
        return null;
    }

    /// <summary>Puts the next refresh of a token off.</summary>
    public void Postpone(AccountToken token, DateTimeOffset until)
    {
        if (_known.TryGetValue(token.Account, out var known) && known.Generation == token.Generation) _known.TryUpdate(token.Account, known with { RefreshAt = until }, known);
    }

    /// <summary>Notes that a device refused a token that was fresh (<see cref="AccountToken.IsRefusedByDevice"/>).</summary>
    public void NoteRefusalOfDevice(AccountToken token)
    {
        if (_known.TryGetValue(token.Account, out var known) && known.Generation == token.Generation) _known.TryUpdate(token.Account, known with { IsRefusedByDevice = true }, known);
    }

    private AccountToken Keep(LinkedAccount row)
    {
        var now = time.GetUtcNow();
        _known.TryGetValue(row.Id, out var before);
        var isSame = before is { Value: not null } && before.Generation == row.Generation && before.Sealed.AsSpan().SequenceEqual(row.AccessToken);
        var token = new AccountToken(
            row.Id, row.LinkedCloudId, row.State, row.Generation, isSame ? before!.Value : secrets.TryOpen(SecretPurpose.AccessToken, row.AccessToken), row.ExpiresAt)
        {
            Sealed = row.AccessToken,
            CanBeRefreshed = row.RefreshToken is not null,
            IsRefusedByDevice = isSame && before!.IsRefusedByDevice,

            // What cannot be refreshed is used to its end. How long it lived before it was seen here is not known: of what is left then.
            RefreshAt = row.RefreshToken is null ? null : isSame ? before!.RefreshAt : row.ExpiresAt - Ahead(row.ExpiresAt - now),
            ReadAt = now,
        };
        if (_known.Count >= MaxKnown) _known.Clear();
        return _known.AddOrUpdate(row.Id, token, (_, other) => other.Generation > token.Generation ? other : token);
    }

    private TimeSpan? Ahead(TimeSpan? life) => life is not { } span ? null : span <= TimeSpan.Zero ? TimeSpan.Zero : span / PartAhead < options.Value.RefreshAhead ? span / PartAhead : options.Value.RefreshAhead;
}
