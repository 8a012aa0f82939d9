using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Devices;

/// <summary>What another room stores of users: it goes in the transaction in which the user goes.</summary>
public interface IUserBelongings
{
    /// <summary>Erases what is the user's.</summary>
    /// <param name="context">The context of the transaction; the user's row and devices are locked.</param>
    /// <param name="user">The user.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task EraseAsync(CloudDbContext context, UserId user, CancellationToken cancellationToken);
}
