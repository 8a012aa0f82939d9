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
///   many requests ─► one flight a generation ─► lease in the row ─► the other cloud ─► stored as the next generation ─► used
///                                                 └─► another node has it: waits for its generation
/// </code>
/// A flight comes to its end also where nobody waits for it any more.
/// </summary>
internal sealed partial class AccountTokenRefresh(
    AccountTokens tokens, TokenRefreshLease lease, ITokenCalls calls, LinkedCloudStore clouds, SealedSecrets secrets, IOptions<CloudLinkingOptions> options, TimeProvider time,
    ILogger<AccountTokenRefresh> logger)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SaveAgain = TimeSpan.FromMilliseconds(500);
    private const int SaveAttempts = 20;

    // More than fail at one time; past it the store says who rests.
    private const int MaxResting = 100_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid Account, int Generation), Task<TokenRenewal>> _flights = [];

    // Tokens that the store did not take: the other cloud holds their forerunners for used.
    private readonly ConcurrentDictionary<(Guid Account, int Generation), (ReceivedTokens Tokens, DateTimeOffset At)> _unsaved = new();

    // What failed a moment ago is not tried by every request.
    private readonly ConcurrentDictionary<(Guid Account, int Generation), (TokenRenewal Failed, DateTimeOffset Until)> _resting = new();

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
                if (await lease.TryTakeAsync(used)) return await RequestAsync(used);
                if (await LookAsync(used) is { } renewal) return renewal;
                if (time.GetUtcNow() >= giveUp) return new TokenRenewal(Token: null) { Words = "Another node of this cloud takes too long to refresh the link." };
                await Task.Delay(LookAgain, time);
            }
        }
        finally
        {
            lock (_lock) _flights.Remove((used.Account, used.Generation));
        }
    }

    /// <summary>What somebody else made of it; null: it is still being refreshed.</summary>
    private async Task<TokenRenewal?> LookAsync(AccountToken used)
    {
        if (await lease.ReadAsync(used) is not { } row) return new TokenRenewal(Token: null) { IsRefused = true, Words = "The account is not linked any more." };
        if (row.State == AccountState.NeedsLinking)
        {
            await tokens.ReadAsync(used.Account, CancellationToken.None);
            return new TokenRenewal(Token: null) { IsRefused = true, Words = row.Trouble };
        }

        if (row.Generation != used.Generation) return new TokenRenewal(await tokens.ReadAsync(used.Account, CancellationToken.None));
        var now = time.GetUtcNow();
        return row is { RefreshNode: null, RefreshUntil: { } until } && until > now ? Rest(used, "The other cloud does not issue tokens now.", until) : null;
    }

    private async Task<TokenRenewal> RequestAsync(AccountToken used)
    {
        var key = (used.Account, used.Generation);
        if (!_unsaved.TryGetValue(key, out var received))
        {
            var row = await lease.ReadAsync(used);
            var cloud = await clouds.FindAsync(used.LinkedCloud, CancellationToken.None);
            if (row is null || cloud is null) return new TokenRenewal(Token: null) { IsRefused = true, Words = "The account is not linked any more." };
            if (row.RefreshToken is null) return await RefuseAsync(used, "The access that the other cloud gave has ended, and it gave nothing to renew it with.");
            if (secrets.TryOpen(SecretPurpose.RefreshToken, row.RefreshToken) is not { } refreshToken)
                return await RefuseAsync(used, "This cloud can no longer read what it kept of this link.");
            var outcome = await calls.RefreshAsync(cloud, refreshToken, CancellationToken.None);
            if (outcome.Error is not null) return await RefuseAsync(used, outcome.Words ?? TokenErrors.WordsOf(outcome.Error));
            if (outcome.Tokens is null)
            {
                LogFailed(used.Account, outcome.Words);
                var wait = outcome.RetryAfter > options.Value.RefreshRetry ? outcome.RetryAfter.Value : options.Value.RefreshRetry;
                var until = time.GetUtcNow() + wait;
                await lease.RestAsync(used, until);
                return Rest(used, outcome.Words, until);
            }

            received = (outcome.Tokens, time.GetUtcNow());
            _unsaved[key] = received;
        }

        return await SaveAsync(used, received.Tokens, received.At);
    }

    // Saved before they are used: who used tokens that nobody remembers would leave the account with old ones.
    private async Task<TokenRenewal> SaveAsync(AccountToken used, ReceivedTokens received, DateTimeOffset at)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await lease.SaveAsync(used, received, at);
                _unsaved.TryRemove((used.Account, used.Generation), out _);
                var token = await tokens.ReadAsync(used.Account, CancellationToken.None);
                return token is null || token.Generation == used.Generation
                    ? new TokenRenewal(Token: null) { IsRefused = true, Words = "The account is not linked any more." }
                    : new TokenRenewal(token);
            }
            catch (StoreUnavailableException e) when (attempt < SaveAttempts)
            {
                LogNotSaved(used.Account, e);
                await Task.Delay(SaveAgain, time);
            }
        }
    }

    private TokenRenewal Rest(AccountToken used, string? words, DateTimeOffset until)
    {
        tokens.Postpone(used, until);
        var failed = new TokenRenewal(Token: null) { Words = words, RetryAfter = until - time.GetUtcNow() };
        if (_resting.Count >= MaxResting) _resting.Clear();
        _resting[(used.Account, used.Generation)] = (failed, until);
        return failed;
    }
}
