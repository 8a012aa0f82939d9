using System.Diagnostics.Metrics;
using System.Text;

namespace OcfCloud.Core.Metrics;

/// <summary>
/// Counts of what happened, one for each name of an enumeration. Counting is one addition, allocates nothing and takes no lock; every name is exported, that which never
/// happened as zero, so that its first time is seen as a change.
/// </summary>
/// <typeparam name="T">The names; written in lower case with underscores.</typeparam>
public sealed class Tally<T>
    where T : struct, Enum
{
    private readonly T[] _values;
    private readonly long[] _counts;
    private readonly KeyValuePair<string, object?>[] _labels;

    /// <summary>Makes it and the instrument that exports it.</summary>
    /// <param name="meter">Whose instrument it is.</param>
    /// <param name="name">The instrument's name.</param>
    /// <param name="label">The label that carries the enumeration's name.</param>
    /// <param name="unit">What is counted, in braces.</param>
    /// <param name="description">What it means.</param>
    /// <param name="except">Names that are never counted.</param>
    public Tally(Meter meter, string name, string label, string unit, string description, params T[] except)
    {
        _values = [.. Enum.GetValues<T>().Except(except)];
        _counts = new long[_values.Length];
        _labels = [.. _values.Select(value => KeyValuePair.Create(label, (object?)SnakeCase(value.ToString())))];
        meter.CreateObservableCounter(name, Observe, unit, description);
    }

    /// <summary>Counts.</summary>
    public void Count(T value, long times = 1) => Interlocked.Add(ref _counts[IndexOf(value)], times);

    /// <summary><c>InvalidToken</c> as <c>invalid_token</c>.</summary>
    public static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i])) text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    // Enumerations here have few members: looking through them costs less than a hash.
    private int IndexOf(T value)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            if (EqualityComparer<T>.Default.Equals(_values[i], value)) return i;
        }

        throw new ArgumentOutOfRangeException(nameof(value));
    }

    private IEnumerable<Measurement<long>> Observe()
    {
        for (var i = 0; i < _labels.Length; i++) yield return new Measurement<long>(Volatile.Read(ref _counts[i]), _labels[i]);
    }
}
