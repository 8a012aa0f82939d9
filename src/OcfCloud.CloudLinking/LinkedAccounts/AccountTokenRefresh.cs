using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>
/// Refreshes an account's tokens once, however many requests and nodes want it.
/// <code>
///   many requests ─► one flight a generation ─► lease in the row, where it is free ─► the other cloud ─► stored as the next generation ─► used
///                                      │                                        ├─► invalid_grant: to be linked again
///                                      │                                        └─► anything else: tried again later
///                                      └─► another node has it: waits for its generation
/// </code>
/// A flight comes to its end also where nobody waits for it any more.
/// </summary>
internal sealed partial class AccountTokenRefresh(
    AccountTokens tokens, TokenRefreshLease lease, ITokenCalls calls, LinkedCloudStore clouds, SealedSecrets secrets, IOptions<CloudLinkingOptions> options, TimeProvider time,
    ILogger<AccountTokenRefresh> logger)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SaveAgain = TimeSpan.FromMilliseconds(500);

    // More than fail at one time; past it the store says who rests.
    private const int MaxResting = 100_000;

    // What nobody asked for in that time nobody will.
    private static readonly TimeSpan UnsavedLife = TimeSpan.FromDays(1);

    private static TokenRenewal NotLinked { get; } = new(Token: null) { IsRefused = true, Words = "The account is not linked any more." };

    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid Account, int Generation), Task<TokenRenewal>> _flights = [];

    // Tokens that the store did not take: the other cloud holds their forerunners for used.
    private readonly ConcurrentDictionary<(Guid Account, int Generation), (ReceivedTokens Tokens, DateTimeOffset At)> _unsaved = new();

    // What failed a moment ago is not tried by every request.
    private readonly ConcurrentDictionary<(Guid Account, int Generation), (TokenRenewal Failed, DateTimeOffset Until)> _resting = new();

    // Refusals in a row that an administrator has to do something about.
    private readonly ConcurrentDictionary<(Guid Account, int Generation), int> _refusals = new();

    /// <summary>Gets a newer token than the one that was used or is about to end.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<TokenRenewal> RefreshAsync(AccountToken used)
    {
        var key = (used.Account, used.Generation);
        var now = time.GetUtcNow();
        if (_resting.TryGetValue(key, out var rest))
        {
            if (now < rest.Until) return Task.FromResult(rest.Failed with { RetryAfter = rest.Until - now });
            _resting.TryRemove(key, out _);
        }

        lock (_lock)
        {
            if (!_flights.TryGetValue(key, out var flight)) _flights[key] = flight = FlyAsync(used);
            return flight;
        }
    }

    /// <summary>Marks the account of a token that was refused although it is fresh.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<TokenRenewal> RefuseAsync(AccountToken token, string words)
    {
        LogRefused(token.Account, words);
        await lease.RefuseAsync(token, words);
        await tokens.ReadAsync(token.Account, CancellationToken.None);
        return new TokenRenewal(Token: null) { IsRefused = true, Words = words };
    }

    private async Task<TokenRenewal> FlyAsync(AccountToken used)
    {
        // Outside of the caller's lock.
        await Task.Yield();
        try
        {
            var giveUp = time.GetUtcNow() + options.Value.RequestTimeout;
            while (true)
            {
                // Looked at first: who waits for another node takes no writer's turn.
                var (row, isFree) = await lease.ReadAsync(used);
                if (await LookAsync(used, row) is { } renewal) return renewal;
                if (isFree && await lease.TryTakeAsync(used)) return await RequestAsync(used);
                if (time.GetUtcNow() >= giveUp) return new TokenRenewal(Token: null) { Words = "Another node of this cloud takes too long to refresh the link." };
                await Task.Delay(LookAgain, time);
            }
        }
        finally
        {
            lock (_lock) _flights.Remove((used.Account, used.Generation));
        }
    }

    /// <summary>What somebody else made of it; null: it is being refreshed, or has to be.</summary>
    private async Task<TokenRenewal?> LookAsync(AccountToken used, LinkedAccount? row)
    {
        if (row is null)
        {
            if (_unsaved.TryRemove((used.Account, used.Generation), out var orphaned)) await RevokeAsync(used, orphaned.Tokens);
            return NotLinked;
        }

        if (row.State == AccountState.NeedsLinking)
        {
            await tokens.ReadAsync(used.Account, CancellationToken.None);
            return new TokenRenewal(Token: null) { IsRefused = true, Words = row.Trouble };
        }

        if (row.Generation != used.Generation) return new TokenRenewal(await tokens.ReadAsync(used.Account, CancellationToken.None));
        var now = time.GetUtcNow();
        return row is { RefreshNode: null, RefreshUntil: { } until } && until > now ? Rest(used, row.Trouble ?? "The other cloud does not issue tokens now.", until) : null;
    }

    private async Task<TokenRenewal> RequestAsync(AccountToken used)
    {
        var key = (used.Account, used.Generation);
        if (!_unsaved.TryGetValue(key, out var received))
        {
            var (row, _) = await lease.ReadAsync(used);
            var cloud = await clouds.FindAsync(used.LinkedCloud, CancellationToken.None);
            if (row is null || cloud is null) return NotLinked;
            if (row.RefreshToken is null) return await RefuseAsync(used, "The other cloud gave no lasting access, and what it gave has ended: link again.");
            if (secrets.TryOpen(SecretPurpose.RefreshToken, row.RefreshToken) is not { } refreshToken)
                return await RefuseAsync(used, "This cloud can no longer read what it kept of this link.");
            var outcome = await calls.RefreshAsync(cloud, refreshToken, CancellationToken.None);

            // RFC 6749, 5.2: of all errors this one alone speaks of the link. The others are of our registration there, or of that server: they pass when it is put right.
            if (outcome.Error == TokenErrors.InvalidGrant) return await RefuseAsync(used, outcome.Words ?? TokenErrors.WordsOf(outcome.Error));
            if (outcome.Tokens is null)
            {
                LogFailed(used.Account, outcome.Words);
                var until = time.GetUtcNow() + PauseAfter(key, outcome);
                await lease.RestAsync(used, until, outcome.Error is null ? null : outcome.Words);
                return Rest(used, outcome.Words, until);
            }

            received = (outcome.Tokens, time.GetUtcNow());
            Remember(key, received);
        }

        return await SaveAsync(used, received.Tokens, received.At);
    }

    // Saved before they are used: who used tokens that nobody remembers would leave the account with old ones.
    private async Task<TokenRenewal> SaveAsync(AccountToken used, ReceivedTokens received, DateTimeOffset at)
    {
        var key = (used.Account, used.Generation);
        var attempts = options.Value.TokenSaveTime / SaveAgain;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var isSaved = await lease.SaveAsync(used, received, at);
                var token = await tokens.ReadAsync(used.Account, CancellationToken.None);
                _unsaved.TryRemove(key, out _);
                _refusals.TryRemove(key, out _);

                // Where another node has refreshed meanwhile, both tokens are of one grant: to revoke ours would end the link.
                if (!isSaved && token is null) await RevokeAsync(used, received);
                return token is null || token.Generation == used.Generation ? NotLinked : new TokenRenewal(token);
            }
            catch (StoreUnavailableException e) when (attempt < attempts)
            {
                LogNotSaved(used.Account, e);
                await Task.Delay(SaveAgain, time);
            }
        }
    }

    // It was unlinked, or its user is gone, while the other cloud was asked: nobody else knows these tokens.
    private async Task RevokeAsync(AccountToken used, ReceivedTokens orphaned)
    {
        if (await clouds.FindAsync(used.LinkedCloud, CancellationToken.None) is not { } cloud) return;
        var isDone = orphaned.RefreshToken is { } refresh
            ? await calls.RevokeAsync(cloud, refresh, isRefreshToken: true, CancellationToken.None)
            : await calls.RevokeAsync(cloud, orphaned.AccessToken, isRefreshToken: false, CancellationToken.None);
        if (!isDone) LogNotRevoked(used.Account);
    }

    private void Remember((Guid Account, int Generation) key, (ReceivedTokens Tokens, DateTimeOffset At) received)
    {
        foreach (var (old, kept) in _unsaved)
        {
            if (received.At - kept.At > UnsavedLife) _unsaved.TryRemove(old, out _);
        }

        _unsaved[key] = received;
    }

    private TimeSpan PauseAfter((Guid Account, int Generation) key, TokenOutcome outcome)
    {
        var pause = options.Value.RefreshRetry;
        if (outcome.Error is not null)
        {
            if (_refusals.Count >= MaxResting) _refusals.Clear();
            var times = _refusals.AddOrUpdate(key, 1, (_, before) => before + 1);
            var doubled = pause * Math.Pow(2, Math.Min(times - 1, 30));
            var most = options.Value.RefreshRetryMax;
            pause = doubled < most ? doubled : most > pause ? most : pause;
        }

        return outcome.RetryAfter > pause ? outcome.RetryAfter.Value : pause;
    }

    private TokenRenewal Rest(AccountToken used, string? words, DateTimeOffset until)
    {
        // By memory not longer than the shortest rest: an administrator's change ends the rest in the store.
        var soon = time.GetUtcNow() + options.Value.RefreshRetry;
        if (soon < until) until = soon;
        tokens.Postpone(used, until);
        var failed = new TokenRenewal(Token: null) { Words = words, RetryAfter = until - time.GetUtcNow() };
        if (_resting.Count >= MaxResting) _resting.Clear();
        _resting[(used.Account, used.Generation)] = (failed, until);
        return failed;
    }
}
