using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>A user who goes is unlinked from all clouds. The tokens stay until they are revoked there.</summary>
internal sealed class LinkedAccountErasure(MirrorStore mirrors, TimeProvider time) : IUserBelongings
{
    public async Task EraseAsync(CloudDbContext context, UserId user, CancellationToken cancellationToken)
    {
        await context.Set<LinkAttempt>().Where(attempt => attempt.UserId == user).ExecuteDeleteAsync(cancellationToken);
        foreach (var cloud in await context.Set<LinkedAccount>().Where(account => account.UserId == user).Select(account => account.LinkedCloudId).Distinct().ToListAsync(cancellationToken))
            await AccountEnding.EndAsync(context, mirrors, user, cloud, time.GetUtcNow(), cancellationToken);
    }
}
