using OcfCloud.Core.Devices;

namespace OcfCloud.Core.AccessRules;

/// <summary>The rules of one user, ready to be asked on the routed path: immutable, allocates nothing.</summary>
public sealed class AccessRuleSet
{
    /// <summary>No rules: everybody may do everything.</summary>
    public static AccessRuleSet Empty { get; } = new([]);

    /// <summary>Compiles rules.</summary>
    public AccessRuleSet(IReadOnlyList<AccessRule> rules) => Rules = rules;

    /// <summary>The rules as they were written.</summary>
    public IReadOnlyList<AccessRule> Rules { get; }

    /// <summary>Whether nothing is restricted, so nothing has to be asked.</summary>
    public bool IsEmpty => Rules.Count == 0;

    /// <summary>Whether the subject may do all of the operations there.</summary>
    /// <param name="subject">Who.</param>
    /// <param name="device">On which device.</param>
    /// <param name="href">On which path of it, without a query.</param>
    /// <param name="operations">What.</param>
    public bool Allows(AccessSubject subject, DeviceId device, ReadOnlySpan<char> href, AccessOperations operations) => throw new NotSupportedException();
}
