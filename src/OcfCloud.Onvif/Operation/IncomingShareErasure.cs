using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.Onvif.Operation;

/// <summary>A user's incoming shares go with the user.</summary>
internal sealed class IncomingShareErasure : IUserBelongings
{
    public Task EraseAsync(CloudDbContext context, UserId user, CancellationToken cancellationToken) =>
        context.Set<IncomingShare>().Where(share => share.UserId == user).ExecuteDeleteAsync(cancellationToken);
}
