using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>The users who are on their way to other clouds and back.</summary>
internal sealed class LinkAttempts(Store store, IOptions<LinkedAccountOptions> options, TimeProvider time)
{
    /// <summary>Keeps one; the user's oldest make room.</summary>
    /// <returns>False where the user or the cloud is gone.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> AddAsync(LinkAttempt attempt, CancellationToken cancellationToken) => store.WriteAsync(
        async (context, token) =>
        {
            if (!await UserLock.TakeAsync(context, attempt.UserId, token) || await CloudLock.KeepAsync(context, attempt.LinkedCloudId, token) is null) return false;
            var now = time.GetUtcNow();
            var ofUser = context.Set<LinkAttempt>().Where(other => other.UserId == attempt.UserId);
            await ofUser.Where(other => other.ExpiresAt <= now).ExecuteDeleteAsync(token);
            var over = await ofUser.OrderByDescending(other => other.ExpiresAt).Skip(options.Value.MaxOpenAttempts - 1).Select(other => other.StateHash).ToListAsync(token);
            foreach (var oldest in over) await context.Set<LinkAttempt>().Where(other => other.StateHash == oldest).ExecuteDeleteAsync(token);
            context.Add(attempt);
            return true;
        },
        cancellationToken);

    /// <summary>Takes the one that this state is of, if all of it fits; then it is used up. One that does not fit stays: whoever brought it did not get it from us.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<LinkAttempt?> TakeAsync(string state, UserId user, Guid cloud, string browser, CancellationToken cancellationToken)
    {
        var (stateHash, browserHash) = (LinkSecrets.Hash(state), LinkSecrets.Hash(browser));
        return store.WriteAsync(
            async (context, token) =>
            {
                // Of two who bring one state at the same moment the second finds nothing.
                await UserLock.TakeAsync(context, user, token);
                var attempt = await context.Set<LinkAttempt>().AsNoTracking().SingleOrDefaultAsync(one => one.StateHash == stateHash, token);
                if (attempt is null || attempt.UserId != user || attempt.LinkedCloudId != cloud || attempt.ExpiresAt <= time.GetUtcNow()
                    || !CryptographicOperations.FixedTimeEquals(attempt.BrowserHash, browserHash))
                {
                    return null;
                }

                await context.Set<LinkAttempt>().Where(one => one.StateHash == stateHash).ExecuteDeleteAsync(token);
                return attempt;
            },
            cancellationToken);
    }

    /// <summary>Takes those out of the store whose time is over.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (!await store.ReadAsync((context, token) => context.Set<LinkAttempt>().AnyAsync(attempt => attempt.ExpiresAt <= now, token), cancellationToken)) return;
        await store.WriteAsync((context, token) => context.Set<LinkAttempt>().Where(attempt => attempt.ExpiresAt <= now).ExecuteDeleteAsync(token), cancellationToken);
    }
}
