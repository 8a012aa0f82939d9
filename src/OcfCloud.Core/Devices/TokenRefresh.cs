using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Refusals;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tokens;

namespace OcfCloud.Core.Devices;

/// <summary>Rotation of a device's tokens (device-to-cloud.md, 5).</summary>
internal sealed partial class TokenRefresh(Store store, TokenFamilies families, SessionRevocation revocation, ILogger<TokenRefresh> logger)
{
    public async Task<RefreshOutcome> RefreshAsync(DeviceId device, UserId user, string refreshToken, CancellationToken cancellationToken)
    {
        var hash = OpaqueToken.HashOf(refreshToken);
        // A token that nobody has costs no turn among the writers.
        var exists = await store.ReadAsync(
            (context, token) => context.Set<TokenGeneration>().AnyAsync(g => g.RefreshHash == hash && g.Family.DeviceId == device && g.Family.UserId == user, token),
            cancellationToken);
        if (!exists) return RefreshOutcome.Refused(RefusalReason.TokenUnknown);

        var (outcome, reused) = await store.WriteAsync((context, token) => RotateAsync(context, device, user, hash, token), cancellationToken);
        if (reused) LogReused(device, user);
        return outcome;
    }

    private async Task<(RefreshOutcome Outcome, bool Reused)> RotateAsync(
        CloudDbContext context, DeviceId device, UserId user, byte[] hash, CancellationToken cancellationToken)
    {
        var locked = await context.LockDeviceAsync(device, cancellationToken);
        if (locked is null || locked.UserId != user) return (RefreshOutcome.Refused(RefusalReason.NotRegistered), false);
        var generation = await context.Set<TokenGeneration>().Include(g => g.Family)
            .FirstOrDefaultAsync(g => g.RefreshHash == hash && g.Family.DeviceId == device, cancellationToken);
        if (generation is null) return (RefreshOutcome.Refused(RefusalReason.TokenUnknown), false);
        if (generation.State == GenerationState.Spent)
        {
            revocation.Revoke(context, locked);
            context.Remove(generation.Family);
            return (RefreshOutcome.Refused(RefusalReason.TokenReused), true);
        }
        await TokenFamilies.UseAsync(context, generation, cancellationToken);
        var issued = await families.IssueAsync(context, generation.Family, fromRegistration: false, cancellationToken);
        return (new RefreshOutcome(true, issued.AccessToken, issued.RefreshToken, issued.Expires, issued.ExpiresIn), false);
    }
}
