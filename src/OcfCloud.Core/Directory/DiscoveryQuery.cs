using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Directory;

/// <summary>Filters of a discovery: values of one list are alternatives, lists narrow each other, an empty list filters nothing.</summary>
public sealed record DiscoveryQuery
{
    /// <summary>Filters nothing.</summary>
    public static DiscoveryQuery All { get; } = new();

    /// <summary>Resource types.</summary>
    public IReadOnlyList<string> Rt { get; init; } = [];

    /// <summary>Interfaces. The form of the answer (<c>oic.if.ll</c>, <c>oic.if.baseline</c>) is not a filter and does not belong here.</summary>
    public IReadOnlyList<string> If { get; init; } = [];

    /// <summary>Devices.</summary>
    public IReadOnlyList<DeviceId> Di { get; init; } = [];

    internal bool Matches(ResourceLink link) => MatchesAny(Rt, link.Rt) && MatchesAny(If, link.If);

    private static bool MatchesAny(IReadOnlyList<string> wanted, IReadOnlyList<string> values) =>
        wanted.Count == 0 || wanted.Any(w => values.Contains(w, StringComparer.Ordinal));
}
