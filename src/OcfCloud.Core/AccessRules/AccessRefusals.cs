using OcfCloud.Core.Devices;

namespace OcfCloud.Core.AccessRules;

/// <summary>The record of what access rules refused (device-to-cloud.md, 8).</summary>
public sealed class AccessRefusals
{
    /// <summary>Refusals that are kept a user; older ones are forgotten.</summary>
    public const int KeptPerUser = 100;

    /// <summary>Records a refusal: in the log at once, in the store soon. Never waits; under a flood some are only logged.</summary>
    public void Record(UserId user, AccessSubject subject, DeviceId device, string href, AccessOperations operations) => throw new NotSupportedException();

    /// <summary>A user's refusals, newest first.</summary>
    /// <exception cref="Storage.StoreUnavailableException">The store does not answer.</exception>
    public Task<IReadOnlyList<AccessRefusal>> ListAsync(UserId user, CancellationToken cancellationToken) => throw new NotSupportedException();
}
