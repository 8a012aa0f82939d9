using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.Targets;

/// <summary>
/// Calls to Target Clouds with the tokens of linked accounts. Each cloud has connections, places, a circuit breaker and time limits of its own: one that is slow or down
/// costs nobody else anything. A 401 is answered by one refresh and one repetition.
/// </summary>
internal interface ITargetCalls
{
    /// <summary>Sends a request.</summary>
    /// <param name="account">The linked account (<see cref="LinkedAccounts.LinkedAccount.Id"/>).</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">The asker is gone. The wait itself is bounded by settings.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    Task<TargetAnswer> SendAsync(Guid account, TargetRequest request, CancellationToken cancellationToken);

    /// <summary>The account of a user with a linked cloud, in whichever state but unlinking; null where there is none. From memory where it is known.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    ValueTask<Guid?> FindAccountAsync(OcfCloud.Core.Devices.UserId user, Guid linkedCloud, CancellationToken cancellationToken);
}
