using System.Diagnostics.CodeAnalysis;

namespace OcfCloud.Core.Directory;

/// <summary>A link as a device publishes it. Immutable; made only by <see cref="TryCreate"/>.</summary>
public sealed class ResourceLink
{
    /// <summary>Characters that one <c>rt</c> or <c>if</c> value may have.</summary>
    public const int MaxValueLength = 64;

    /// <summary>Values that <c>rt</c> or <c>if</c> may have.</summary>
    public const int MaxValues = 32;

    /// <summary>Other parameters that a link may have, and the bytes that all their values together may have.</summary>
    public const int MaxParameters = 32, MaxParameterBytes = 4096;

    // Ours to say (the endpoint and the numbers), or said by the members beside.
    private static readonly string[] NotKept = ["href", "rt", "if", "p", "anchor", "di", "ins", "eps"];

    internal ResourceLink(ResourceHref href, IReadOnlyList<string> rt, IReadOnlyList<string> @if, int bm, IReadOnlyList<LinkParameter> parameters)
    {
        Href = href;
        Rt = rt;
        If = @if;
        Bm = bm;
        Parameters = parameters;
    }

    /// <summary>The path on the device.</summary>
    public ResourceHref Href { get; }

    /// <summary>Resource types, one or more.</summary>
    public IReadOnlyList<string> Rt { get; }

    /// <summary>Interfaces, one or more.</summary>
    public IReadOnlyList<string> If { get; }

    /// <summary>The policy bits <c>p.bm</c>: 1 discoverable, 2 observable.</summary>
    public int Bm { get; }

    /// <summary>Whether <c>p.bm</c> says observable.</summary>
    public bool IsObservable => (Bm & 2) != 0;

    /// <summary>All other parameters in order of their names.</summary>
    public IReadOnlyList<LinkParameter> Parameters { get; }

    /// <summary>Makes a link.</summary>
    /// <param name="href">The path.</param>
    /// <param name="rt">1 to <see cref="MaxValues"/> texts of 1 to <see cref="MaxValueLength"/> characters.</param>
    /// <param name="if">The same for the interfaces.</param>
    /// <param name="bm">Policy bits, 0 to 255.</param>
    /// <param name="parameters">Other parameters; those that the cloud says itself (<c>anchor</c>, <c>di</c>, <c>ins</c>, <c>eps</c>), arrays that hold a map, and
    /// the second of one name are left out.</param>
    /// <param name="link">The link.</param>
    /// <returns>False where a value is out of these bounds.</returns>
    public static bool TryCreate(
        ResourceHref href, IReadOnlyList<string> rt, IReadOnlyList<string> @if, int bm, IEnumerable<LinkParameter> parameters,
        [NotNullWhen(true)] out ResourceLink? link)
    {
        link = null;
        if (!AreValid(rt) || !AreValid(@if) || bm is < 0 or > 255) return false;
        var kept = new SortedDictionary<string, LinkParameter>(StringComparer.Ordinal);
        var bytes = 0;
        foreach (var parameter in parameters)
        {
            if (NotKept.Contains(parameter.Name, StringComparer.Ordinal) || LinkParameterCodec.IsArrayWithMap(parameter.Value)) continue;
            if (!kept.TryAdd(parameter.Name, parameter with { Value = parameter.Value.ToArray() })) continue;
            bytes += parameter.Name.Length + parameter.Value.Length;
            if (kept.Count > MaxParameters || bytes > MaxParameterBytes) return false;
        }
        link = new ResourceLink(href, [.. rt], [.. @if], bm, [.. kept.Values]);
        return true;
    }

    /// <summary>Whether publishing the other one instead would change an answer.</summary>
    internal bool SaysTheSameAs(ResourceLink other) =>
        Href == other.Href && Bm == other.Bm
        && Rt.SequenceEqual(other.Rt, StringComparer.Ordinal) && If.SequenceEqual(other.If, StringComparer.Ordinal)
        && Parameters.Count == other.Parameters.Count
        && Parameters.Zip(other.Parameters).All(p => p.First.Name == p.Second.Name && p.First.Value.Span.SequenceEqual(p.Second.Value.Span));

    private static bool AreValid(IReadOnlyList<string> values) =>
        values.Count is > 0 and <= MaxValues && values.All(v => v.Length is > 0 and <= MaxValueLength);
}
