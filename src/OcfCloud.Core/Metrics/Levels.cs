using System.Diagnostics.Metrics;

namespace OcfCloud.Core.Metrics;

/// <summary>How many there are now, one figure for each name of an enumeration; all are exported.</summary>
/// <typeparam name="T">The names; written in lower case with underscores.</typeparam>
public sealed class Levels<T>
    where T : struct, Enum
{
    private readonly KeyValuePair<T, KeyValuePair<string, object?>>[] _labels;
    private IReadOnlyDictionary<T, long>? _now;

    /// <summary>Makes it and the instrument that exports it.</summary>
    /// <param name="meter">Whose instrument it is.</param>
    /// <param name="name">The instrument's name.</param>
    /// <param name="label">The label that carries the enumeration's name.</param>
    /// <param name="unit">What is counted, in braces.</param>
    /// <param name="description">What it means.</param>
    public Levels(Meter meter, string name, string label, string unit, string description)
    {
        _labels = [.. Enum.GetValues<T>().Select(value => KeyValuePair.Create(value, KeyValuePair.Create(label, (object?)Tally<T>.SnakeCase(value.ToString()))))];
        meter.CreateObservableUpDownCounter(name, Observe, unit, description);
    }

    /// <summary>What is true from now on; what is not named is zero.</summary>
    public void Set(IReadOnlyDictionary<T, long> now) => Volatile.Write(ref _now, now);

    // Nothing before the first look: zero would be a claim.
    private IEnumerable<Measurement<long>> Observe() =>
        Volatile.Read(ref _now) is { } now ? _labels.Select(label => new Measurement<long>(now.GetValueOrDefault(label.Key), label.Value)) : [];
}
