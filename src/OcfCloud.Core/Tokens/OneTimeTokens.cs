using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Tokens;

/// <summary>Tokens with which a mediator lets one device in (device-to-cloud.md, 3 and 9).</summary>
public sealed class OneTimeTokens
{
    private readonly Store _store;
    private readonly DeviceTokenOptions _options;
    private readonly DeviceQuota _quota;
    private readonly TimeProvider _time;

    internal OneTimeTokens(Store store, DeviceTokenOptions options, DeviceQuota quota, TimeProvider time)
    {
        _store = store;
        _options = options;
        _quota = quota;
        _time = time;
    }

    /// <summary>Issues a token.</summary>
    /// <param name="user">Whose the device will be.</param>
    /// <param name="device">The only device that it registers; null = any one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The token; null where it is refused, whatever for.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<OneTimeToken?> IssueAsync(UserId user, DeviceId? device, CancellationToken cancellationToken) =>
        (await TryIssueAsync(user, device, cancellationToken)).Token;

    /// <summary>Issues a token, or says why not.</summary>
    /// <param name="user">Whose the device will be.</param>
    /// <param name="device">The only device that it registers; null = any one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<OneTimeTokenOutcome> TryIssueAsync(UserId user, DeviceId? device, CancellationToken cancellationToken)
    {
        var token = OpaqueToken.New();
        var now = _time.GetUtcNow();
        var refusal = await _store.WriteAsync(
            async (context, ending) =>
            {
                if ((await context.LockUserAsync(user, ending)).Erased) return OneTimeTokenRefusal.NoSuchUser;
                if (await IsFullAsync(context, user, device, ending)) return OneTimeTokenRefusal.TooManyDevices;
                await context.Set<OneTimeTokenRow>().Where(t => t.UserId == user && t.ExpiresAt <= now).ExecuteDeleteAsync(ending);
                if (await context.Set<OneTimeTokenRow>().CountAsync(t => t.UserId == user && t.UsedBy == null, ending) >= _quota.MaxOneTimeTokensPerUser) return OneTimeTokenRefusal.TooManyTokens;
                context.Add(new OneTimeTokenRow { Hash = token.Hash, UserId = user, BoundTo = device, ExpiresAt = now + _options.OneTimeTokenLifetime });
                return OneTimeTokenRefusal.None;
            },
            cancellationToken);
        return new OneTimeTokenOutcome(refusal, refusal == OneTimeTokenRefusal.None ? new OneTimeToken(token.Text, _options.OneTimeTokenLifetime) : null);
    }

    // A token for a device that is there already adds none.
    private async Task<bool> IsFullAsync(CloudDbContext context, UserId user, DeviceId? device, CancellationToken cancellationToken) =>
        await context.Set<Device>().CountAsync(d => d.UserId == user, cancellationToken) >= _quota.MaxDevicesPerUser
        && (device is null || !await context.Set<Device>().AnyAsync(d => d.Id == device && d.UserId == user, cancellationToken));
}
