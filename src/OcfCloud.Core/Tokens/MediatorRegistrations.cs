using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Tokens;

/// <summary>Refresh tokens of mediators (device-to-cloud.md, 9). Their access tokens are Identity's.</summary>
public sealed partial class MediatorRegistrations
{
    /// <summary>Registrations that one user may have; the oldest goes when another is made.</summary>
    public const int MaxPerUser = 100;

    private readonly Store _store;
    private readonly TokenFamilies _families;
    private readonly ILogger<MediatorRegistrations> _logger;

    internal MediatorRegistrations(Store store, TokenFamilies families, ILogger<MediatorRegistrations> logger)
    {
        _store = store;
        _families = families;
        _logger = logger;
    }

    /// <summary>Registers a mediator of a user.</summary>
    /// <returns>Its first refresh token; null where the user was erased.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<MediatorRefresh?> RegisterAsync(UserId user, CancellationToken cancellationToken) =>
        _store.WriteAsync(
            async (context, token) =>
            {
                if ((await context.LockUserAsync(user, token)).Erased) return null;
                var surplus = await context.Set<TokenFamily>()
                    .Where(f => f.UserId == user && f.DeviceId == null)
                    .OrderByDescending(f => f.CreatedAt).Skip(MaxPerUser - 1).ToListAsync(token);
                context.RemoveRange(surplus);
                var issued = await _families.IssueAsync(context, _families.Create(context, user, device: null), fromRegistration: true, token);
                return new MediatorRefresh(user, issued.RefreshToken);
            },
            cancellationToken);

    /// <summary>Rotates a mediator's refresh token, by the rules of a device's.</summary>
    /// <returns>The new one; null where the token is not good (401).</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<MediatorRefresh?> RefreshAsync(string refreshToken, CancellationToken cancellationToken)
    {
        var hash = OpaqueToken.HashOf(refreshToken);
        var family = await _store.ReadAsync(
            (context, token) => context.Set<TokenGeneration>()
                .Where(g => g.RefreshHash == hash && g.Family.DeviceId == null).Select(g => (Guid?)g.FamilyId).FirstOrDefaultAsync(token),
            cancellationToken);
        if (family is not { } id) return null;
        var (refresh, reusedBy) = await _store.WriteAsync((context, token) => RotateAsync(context, id, hash, token), cancellationToken);
        if (reusedBy is { } user) LogReused(user);
        return refresh;
    }

    private async Task<(MediatorRefresh? Refresh, UserId? ReusedBy)> RotateAsync(
        CloudDbContext context, Guid id, byte[] hash, CancellationToken cancellationToken)
    {
        var family = await context.LockFamilyAsync(id, cancellationToken);
        var generation = await context.Set<TokenGeneration>().FirstOrDefaultAsync(g => g.FamilyId == id && g.RefreshHash == hash, cancellationToken);
        if (family is null || generation is null) return (null, null);
        if (generation.State == GenerationState.Spent)
        {
            context.Remove(family);
            return (null, family.UserId);
        }
        await TokenFamilies.UseAsync(context, generation, cancellationToken);
        var issued = await _families.IssueAsync(context, family, fromRegistration: false, cancellationToken);
        return (new MediatorRefresh(family.UserId, issued.RefreshToken), null);
    }
}
