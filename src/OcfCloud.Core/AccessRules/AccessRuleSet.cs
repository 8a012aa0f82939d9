using OcfCloud.Core.Devices;

namespace OcfCloud.Core.AccessRules;

/// <summary>
/// The rules of one user, ready to be asked on the routed path: immutable, allocates nothing. A subject that no rule names may do everything; one that is named,
/// only what its rules or those of "*" allow (device-to-cloud.md, 8).
/// </summary>
public sealed class AccessRuleSet
{
    private readonly Dictionary<DeviceId, Entry[]> _ofDevices = [];
    private readonly Dictionary<string, Entry[]> _ofClients = new(StringComparer.Ordinal);

    /// <summary>Compiles rules.</summary>
    /// <param name="rules">In any order: what one allows, no other takes back.</param>
    public AccessRuleSet(IReadOnlyList<AccessRule> rules)
    {
        Rules = rules;
        var ofAll = rules.Where(r => r.Subject == "*").Select(Entry.Of).ToArray();
        foreach (var group in rules.Where(r => r.Subject != "*").GroupBy(r => r.Subject, StringComparer.Ordinal))
        {
            Entry[] entries = [.. group.Select(Entry.Of), .. ofAll];
            // A client id may look like a UUID: the name holds for both.
            _ofClients.Add(group.Key, entries);
            if (DeviceId.TryParse(group.Key, out var device)) _ofDevices.Add(device, entries);
        }
    }

    /// <summary>No rules: everybody may do everything.</summary>
    public static AccessRuleSet Empty { get; } = new([]);

    /// <summary>The rules as they were written.</summary>
    public IReadOnlyList<AccessRule> Rules { get; }

    /// <summary>Whether nothing is restricted, so nothing has to be asked.</summary>
    public bool IsEmpty => _ofClients.Count == 0;

    /// <summary>Whether the subject may do all of the operations there.</summary>
    /// <param name="subject">Who.</param>
    /// <param name="device">On which device.</param>
    /// <param name="href">On which path of it, without a query.</param>
    /// <param name="operations">What.</param>
    public bool Allows(AccessSubject subject, DeviceId device, ReadOnlySpan<char> href, AccessOperations operations)
    {
        var named = subject.Client is { } client ? _ofClients.TryGetValue(client, out var entries) : _ofDevices.TryGetValue(subject.Device, out entries);
        if (!named) return true;
        foreach (var entry in entries!)
        {
            if (entry.Matches(device, href)) operations &= ~entry.Allow;
            if (operations == AccessOperations.None) return true;
        }
        return operations == AccessOperations.None;
    }

    private readonly record struct Entry(DeviceId? Device, string Href, bool IsPrefix, AccessOperations Allow)
    {
        public static Entry Of(AccessRule rule) => rule.Href[^1] == '*'
            ? new Entry(rule.Device, rule.Href[..^1], true, rule.Allow)
            : new Entry(rule.Device, rule.Href, false, rule.Allow);

        public bool Matches(DeviceId device, ReadOnlySpan<char> href) =>
            (Device is not { } only || only == device)
            && (IsPrefix ? href.StartsWith(Href, StringComparison.Ordinal) : href.SequenceEqual(Href));
    }
}
