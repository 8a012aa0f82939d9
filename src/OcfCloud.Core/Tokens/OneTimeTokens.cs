using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Tokens;

/// <summary>Tokens with which a mediator lets one device in (device-to-cloud.md, 3 and 9).</summary>
public sealed class OneTimeTokens
{
    private readonly Store _store;
    private readonly DeviceTokenOptions _options;
    private readonly TimeProvider _time;

    internal OneTimeTokens(Store store, DeviceTokenOptions options, TimeProvider time)
    {
        _store = store;
        _options = options;
        _time = time;
    }

    /// <summary>Issues a token.</summary>
    /// <param name="user">Whose the device will be.</param>
    /// <param name="device">The only device that it registers; null = any one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The token; null where the user was erased.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<OneTimeToken?> IssueAsync(UserId user, DeviceId? device, CancellationToken cancellationToken)
    {
        var token = OpaqueToken.New();
        var now = _time.GetUtcNow();
        var issued = await _store.WriteAsync(
            async (context, ending) =>
            {
                if ((await context.LockUserAsync(user, ending)).Erased) return false;
                await context.Set<OneTimeTokenRow>().Where(t => t.UserId == user && t.ExpiresAt <= now).ExecuteDeleteAsync(ending);
                context.Add(new OneTimeTokenRow { Hash = token.Hash, UserId = user, BoundTo = device, ExpiresAt = now + _options.OneTimeTokenLifetime });
                return true;
            },
            cancellationToken);
        return issued ? new OneTimeToken(token.Text, _options.OneTimeTokenLifetime) : null;
    }
}
