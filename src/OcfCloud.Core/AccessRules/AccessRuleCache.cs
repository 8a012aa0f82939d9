using System.Diagnostics.CodeAnalysis;
using OcfCloud.Core.Devices;

namespace OcfCloud.Core.AccessRules;

/// <summary>Compiled rules of the users that are here; forgotten when a hint says that they changed.</summary>
public sealed class AccessRuleCache
{
    /// <summary>The rules, where they are known; never waits.</summary>
    public bool TryGet(UserId user, [NotNullWhen(true)] out AccessRuleSet? rules) => throw new NotSupportedException();

    /// <summary>The rules, read from the store where they are not known.</summary>
    /// <exception cref="Storage.StoreUnavailableException">The store does not answer.</exception>
    public ValueTask<AccessRuleSet> GetAsync(UserId user, CancellationToken cancellationToken) => throw new NotSupportedException();
}
