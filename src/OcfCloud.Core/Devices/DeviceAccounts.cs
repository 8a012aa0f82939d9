using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Devices;

/// <summary>Registration, sign-in and what an owner does with devices (device-to-cloud.md, 3 to 5 and 9).</summary>
public sealed class DeviceAccounts
{
    /// <summary>Registers a device with a one-time token (device-to-cloud.md, 3).</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<SignUpOutcome> SignUpAsync(DeviceId device, string oneTimeToken, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Checks an access token and opens a session. Whoever lets the device in calls <see cref="OnlineState.SignedIn"/> next.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<SignInOutcome> SignInAsync(DeviceId device, UserId user, string accessToken, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Rotates the tokens of a device (device-to-cloud.md, 5).</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<RefreshOutcome> RefreshAsync(DeviceId device, UserId user, string refreshToken, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Deregisters the device of an authorised session.</summary>
    /// <returns>False where the device is not this user's any more.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> DeregisterAsync(DeviceId device, UserId user, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Checks an access token without a session: on one, a given token must be the device's own.</summary>
    /// <returns>Whether it is a valid access token of this device, and of this user where one is given.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> IsAccessTokenAsync(DeviceId device, UserId? user, string accessToken, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Deregisters a device that is not signed in, by its access token.</summary>
    /// <returns>False where the token is not a valid one of this device, and of this user where one is given (4.01).</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> DeregisterAsync(DeviceId device, UserId? user, string accessToken, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Removes, and so revokes, a device: its owner's or an administrator's work.</summary>
    /// <param name="device">The device.</param>
    /// <param name="owner">Only where it is this user's; null = whosoever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False where there is no such device.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> RemoveAsync(DeviceId device, UserId? owner, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Whose device it is; null where nobody's.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<DeviceOwner?> FindAsync(DeviceId device, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Lists the devices of a user, or of all where null, in order of their ids.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<IReadOnlyList<DeviceSummary>> ListAsync(UserId? user, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Turns a device's twin on or off; off forgets what was known.</summary>
    /// <returns>False where the device is not this user's.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> SetTwinAsync(DeviceId device, UserId user, bool enabled, CancellationToken cancellationToken) => throw new NotSupportedException();
}
