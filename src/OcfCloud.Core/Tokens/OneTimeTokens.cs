using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Tokens;

/// <summary>Tokens with which a mediator lets one device in (device-to-cloud.md, 3 and 9).</summary>
public sealed class OneTimeTokens
{
    /// <summary>Issues a token.</summary>
    /// <param name="user">Whose the device will be.</param>
    /// <param name="device">The only device that it registers; null = any one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The token; null where the user was erased.</returns>
    /// <exception cref="Storage.StoreUnavailableException">The store does not answer.</exception>
    public Task<OneTimeToken?> IssueAsync(UserId user, DeviceId? device, CancellationToken cancellationToken) => throw new NotSupportedException();
}
