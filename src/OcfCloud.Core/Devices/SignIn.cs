using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Refusals;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tokens;

namespace OcfCloud.Core.Devices;

/// <summary>Opens sessions (device-to-cloud.md, 4). Only the first use of a token writes.</summary>
internal sealed class SignIn(Store store, SessionNumbers numbers, OnlineState online, TimeProvider time) : IDisposable
{
    // Every device asks this whenever it comes back.
    private readonly PreparedQuery _find = store.Prepare(
        """
        SELECT g."State", g."AccessExpiresAt", f."SignedIn", d."UserId", d."Session", d."TwinEnabled"
        FROM token_generations AS g
        JOIN token_families AS f ON f."Id" = g."FamilyId"
        JOIN devices AS d ON d."Id" = f."DeviceId"
        WHERE g."AccessHash" = @hash AND d."Id" = @device
        """,
        "@hash",
        "@device");

    public async Task<SignInOutcome> OpenAsync(DeviceId device, UserId user, string accessToken, CancellationToken cancellationToken)
    {
        var hash = OpaqueToken.HashOf(accessToken);
        // Before the row is read: what is written in between is in one of the two.
        var known = online.LastSessionOf(device);
        var found = await FindAsync(hash, device, cancellationToken);
        if (found is null) return SignInOutcome.Refused(RefusalReason.TokenUnknown);
        if (found.UserId != user) return SignInOutcome.Refused(RefusalReason.UserDiffers);
        if (IsOver(found.AccessExpiresAt)) return SignInOutcome.Refused(RefusalReason.TokenExpired);

        var session = found.Session;
        if (found.State == GenerationState.Pending || !found.SignedIn)
        {
            if (await store.WriteAsync((context, token) => UseAsync(context, hash, device, token), cancellationToken) is not { } locked)
                return SignInOutcome.Refused(RefusalReason.TokenUnknown);
            session = locked;
        }
        return new SignInOutcome(true, found.AccessExpiresAt, numbers.Next(Math.Max(session, known)), found.TwinEnabled);
    }

    /// <summary>Whether it is a valid access token of the device, and of the user where one is given.</summary>
    public async Task<bool> IsAccessTokenAsync(DeviceId device, UserId? user, string accessToken, CancellationToken cancellationToken) =>
        await FindAsync(OpaqueToken.HashOf(accessToken), device, cancellationToken) is { } found && (user is null || found.UserId == user) && !IsOver(found.AccessExpiresAt);

    /// <inheritdoc cref="IsAccessTokenAsync(DeviceId, UserId?, string, CancellationToken)"/>
    public async Task<bool> IsAccessTokenAsync(
        CloudDbContext context, DeviceId device, UserId? user, string accessToken, CancellationToken cancellationToken)
    {
        var hash = OpaqueToken.HashOf(accessToken);
        var found = await (
            from generation in context.Set<TokenGeneration>()
            join row in context.Set<Device>() on generation.Family.DeviceId equals row.Id
            where generation.AccessHash == hash && row.Id == device
            select new { generation.AccessExpiresAt, row.UserId }).FirstOrDefaultAsync(cancellationToken);
        return found is not null && (user is null || found.UserId == user) && !IsOver(found.AccessExpiresAt);
    }

    /// <inheritdoc/>
    public void Dispose() => _find.Dispose();

    private static Found Read(DbDataReader row) => new(
        (GenerationState)row.GetInt32(0),
        row.IsDBNull(1) ? null : new DateTimeOffset(row.GetInt64(1), TimeSpan.Zero),
        row.GetBoolean(2),
        new UserId(row.GetGuid(3)),
        row.GetInt64(4),
        row.GetBoolean(5));

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

    private Task<Found?> FindAsync(byte[] hash, DeviceId device, CancellationToken cancellationToken) =>
        store.AskAsync(_find, [hash, device.Value], Read, cancellationToken);

    private bool IsOver(DateTimeOffset? expires) => expires is { } at && at <= time.GetUtcNow();

    private sealed record Found(GenerationState State, DateTimeOffset? AccessExpiresAt, bool SignedIn, UserId UserId, long Session, bool TwinEnabled);
}
