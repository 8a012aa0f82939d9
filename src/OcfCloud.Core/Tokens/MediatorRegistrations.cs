using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Tokens;

/// <summary>Refresh tokens of mediators (device-to-cloud.md, 9). Their access tokens are Identity's.</summary>
public sealed class MediatorRegistrations
{
    /// <summary>Registers a mediator of a user.</summary>
    /// <returns>Its first refresh token; null where the user was erased.</returns>
    /// <exception cref="Storage.StoreUnavailableException">The store does not answer.</exception>
    public Task<MediatorRefresh?> RegisterAsync(UserId user, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Rotates a mediator's refresh token, by the rules of a device's.</summary>
    /// <returns>The new one; null where the token is not good (401).</returns>
    /// <exception cref="Storage.StoreUnavailableException">The store does not answer.</exception>
    public Task<MediatorRefresh?> RefreshAsync(string refreshToken, CancellationToken cancellationToken) => throw new NotSupportedException();
}
