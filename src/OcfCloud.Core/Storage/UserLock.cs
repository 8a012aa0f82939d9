using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Storage;

/// <summary>The lock of a user, for rooms whose transactions let somebody in or take that back: who makes a subscription holds it, and asks under it.</summary>
public static class UserLock
{
    /// <summary>Takes it until the transaction ends. Taken before anything else is.</summary>
    /// <param name="context">A context of <see cref="Store.WriteAsync{T}"/>.</param>
    /// <param name="user">The user.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False where the user is gone: nothing may be made for such a one.</returns>
    public static async Task<bool> TakeAsync(CloudDbContext context, UserId user, CancellationToken cancellationToken) =>
        !(await context.LockUserAsync(user, cancellationToken)).Erased;
}
