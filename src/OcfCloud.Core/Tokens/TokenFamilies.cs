using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Tokens;

/// <summary>
/// Rotation of tokens (device-to-cloud.md, 3 and 5). A family has generations:
/// <code>
///   registration ──► Pending ──used──► Current ──a later one is used──► Spent ──refresh token seen again──► the family is revoked
///                                        └─refresh──► Pending (one for each try: an answer may have been lost)
/// </code>
/// Whoever calls holds the lock of the device's row, or of a mediator's family.
/// </summary>
internal sealed class TokenFamilies(TimeProvider time, DeviceTokenOptions options)
{
    /// <summary>Generations that may wait for their first use; the oldest goes when another is asked for.</summary>
    internal const int MaxPending = 8;

    /// <summary>Spent refresh tokens that are remembered: reuse of an older one is refused without a revocation.</summary>
    internal const int MaxSpent = 1000;

    public TokenFamily Create(CloudDbContext context, UserId user, DeviceId? device)
    {
        var family = new TokenFamily { Id = Guid.NewGuid(), UserId = user, DeviceId = device, CreatedAt = time.GetUtcNow() };
        context.Add(family);
        return family;
    }

    /// <summary>Issues another generation, valid until one of its siblings is used.</summary>
    public async Task<IssuedTokens> IssueAsync(CloudDbContext context, TokenFamily family, bool fromRegistration, CancellationToken cancellationToken)
    {
        var access = family.DeviceId is null ? default(OpaqueToken?) : OpaqueToken.New();
        var refresh = OpaqueToken.New();
        var lifetime = options.AccessTokenLifetime > TimeSpan.Zero ? options.AccessTokenLifetime : default(TimeSpan?);
        var expires = time.GetUtcNow() + lifetime;
        family.LastGeneration++;
        context.Add(new TokenGeneration
        {
            FamilyId = family.Id,
            Number = family.LastGeneration,
            FromRegistration = fromRegistration,
            AccessHash = access?.Hash,
            AccessExpiresAt = expires,
            RefreshHash = refresh.Hash,
            Family = family,
        });
        await DropSurplusAsync(context, family, cancellationToken);
        return new IssuedTokens(access?.Text ?? "", refresh.Text, expires, lifetime);
    }

    /// <summary>One of the generation's tokens was used: it is the one in use now, and its siblings and predecessors are over.</summary>
    public static async Task UseAsync(CloudDbContext context, TokenGeneration used, CancellationToken cancellationToken)
    {
        if (used.State == GenerationState.Current) return;
        var others = await context.Set<TokenGeneration>()
            .Where(g => g.FamilyId == used.FamilyId && g.Number != used.Number && g.State != GenerationState.Spent)
            .ToListAsync(cancellationToken);
        foreach (var other in others)
        {
            // A repeated registration leaves an answer that the device never took: no sign of a thief.
            if (other.FromRegistration && other.State == GenerationState.Pending)
            {
                context.Remove(other);
                continue;
            }
            other.State = GenerationState.Spent;
            other.AccessHash = null;
        }
        used.State = GenerationState.Current;
    }

    private static async Task DropSurplusAsync(CloudDbContext context, TokenFamily family, CancellationToken cancellationToken)
    {
        var pending = await context.Set<TokenGeneration>()
            .Where(g => g.FamilyId == family.Id && g.State == GenerationState.Pending)
            .OrderByDescending(g => g.Number).Skip(MaxPending - 1)
            .ToListAsync(cancellationToken);
        // Used in this very transaction, or one of too many.
        context.RemoveRange(pending.Where(g => g.State == GenerationState.Pending));
        var forgotten = family.LastGeneration - MaxSpent;
        if (forgotten > 0)
        {
            await context.Set<TokenGeneration>()
                .Where(g => g.FamilyId == family.Id && g.State == GenerationState.Spent && g.Number <= forgotten)
                .ExecuteDeleteAsync(cancellationToken);
        }
    }
}
