namespace OcfCloud.Core.Devices;

/// <summary>Takes a user's devices, tokens, links, twins, rules and registrations out of the store.</summary>
public sealed class UserErasure
{
    /// <summary>Erases all that is the user's in this room, with the events that close connections. Nothing can be made for the user afterwards.</summary>
    /// <exception cref="Storage.StoreUnavailableException">The store does not answer.</exception>
    public Task EraseAsync(UserId user, CancellationToken cancellationToken) => throw new NotSupportedException();
}
