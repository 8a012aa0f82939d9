using OcfCloud.Core.Devices;

namespace OcfCloud.Core.AccessRules;

/// <summary>The access rules of users.</summary>
public sealed class AccessRuleStore
{
    /// <summary>Rules that one user may have.</summary>
    public const int MaxRules = 1000;

    /// <summary>A user's rules in the order in which they were written.</summary>
    /// <exception cref="Storage.StoreUnavailableException">The store does not answer.</exception>
    public Task<IReadOnlyList<AccessRule>> GetAsync(UserId user, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Replaces all rules of a user, with the event that tells every node.</summary>
    /// <returns>False where there are more than <see cref="MaxRules"/>, or the user was erased; nothing was stored then.</returns>
    /// <exception cref="Storage.StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> ReplaceAsync(UserId user, IReadOnlyList<AccessRule> rules, CancellationToken cancellationToken) => throw new NotSupportedException();
}
