using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Refusals;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tokens;

namespace OcfCloud.Core.Devices;

/// <summary>Opens sessions (device-to-cloud.md, 4). Only the first use of a token writes.</summary>
internal sealed class SignIn(Store store, SessionNumbers numbers, OnlineState online, TimeProvider time)
{
    // Compiled once, as every device asks this whenever it comes back.
    private readonly Func<CloudDbContext, byte[], DeviceId, CancellationToken, Task<Found?>> _find = EF.CompileAsyncQuery(
        (CloudDbContext context, byte[] hash, DeviceId device, CancellationToken _) =>
            (from generation in context.Set<TokenGeneration>().AsNoTracking()
             join row in context.Set<Device>().AsNoTracking() on generation.Family.DeviceId equals row.Id
             where generation.AccessHash == hash && row.Id == device
             select new Found(generation, generation.Family.SignedIn, row.UserId, row.Session, row.TwinEnabled))
            .FirstOrDefault());

    public async Task<SignInOutcome> OpenAsync(DeviceId device, UserId user, string accessToken, CancellationToken cancellationToken)
    {
        var hash = OpaqueToken.HashOf(accessToken);
        // Before the row is read: what is written in between is in one of the two.
        var known = online.LastSessionOf(device);
        var found = await store.ReadAsync(
            (context, token) => _find(context, hash, device, token), cancellationToken);
        if (found is null) return SignInOutcome.Refused(RefusalReason.TokenUnknown);
        if (found.UserId != user) return SignInOutcome.Refused(RefusalReason.UserDiffers);
        if (IsOver(found.Generation)) return SignInOutcome.Refused(RefusalReason.TokenExpired);

        var session = found.Session;
        if (found.Generation.State == GenerationState.Pending || !found.SignedIn)
        {
            if (await store.WriteAsync((context, token) => UseAsync(context, hash, device, token), cancellationToken) is not { } locked)
                return SignInOutcome.Refused(RefusalReason.TokenUnknown);
            session = locked;
        }
        return new SignInOutcome(true, found.Generation.AccessExpiresAt, numbers.Next(Math.Max(session, known)), found.TwinEnabled);
    }

    /// <summary>Whether it is a valid access token of the device, and of the user where one is given.</summary>
    public Task<bool> IsAccessTokenAsync(DeviceId device, UserId? user, string accessToken, CancellationToken cancellationToken) =>
        store.ReadAsync((context, token) => IsAccessTokenAsync(context, device, user, accessToken, token), cancellationToken);

    /// <inheritdoc cref="IsAccessTokenAsync(DeviceId, UserId?, string, CancellationToken)"/>
    public async Task<bool> IsAccessTokenAsync(
        CloudDbContext context, DeviceId device, UserId? user, string accessToken, CancellationToken cancellationToken)
    {
        var found = await _find(context, OpaqueToken.HashOf(accessToken), device, cancellationToken);
        return found is not null && (user is null || found.UserId == user) && !IsOver(found.Generation);
    }

    private static async Task<long?> UseAsync(CloudDbContext context, byte[] hash, DeviceId device, CancellationToken cancellationToken)
    {
        var locked = await context.LockDeviceAsync(device, cancellationToken);
        var generation = await context.Set<TokenGeneration>().Include(g => g.Family)
            .FirstOrDefaultAsync(g => g.AccessHash == hash && g.Family.DeviceId == device, cancellationToken);
        if (locked is null || generation is null) return null;
        await TokenFamilies.UseAsync(context, generation, cancellationToken);
        generation.Family.SignedIn = true;
        return locked.Session;
    }

    private bool IsOver(TokenGeneration generation) => generation.AccessExpiresAt is { } expires && expires <= time.GetUtcNow();

    private sealed record Found(TokenGeneration Generation, bool SignedIn, UserId UserId, long Session, bool TwinEnabled);
}
