using System.Collections.Concurrent;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>What was not as it must be, gathered from all tasks, and how much was looked at.</summary>
internal sealed class CrowdFindings
{
    private const int Most = 100;

    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, int> Counts => _counts;

    public void Count(string what) => _counts.AddOrUpdate(what, 1, static (_, n) => n + 1);

    public int CountOf(string what) => _counts.GetValueOrDefault(what);

    public void Wrong(string what)
    {
        if (_wrong.Count < Most)
        {
            _wrong.Enqueue(what);
        }
    }

    public void Check(bool isRight, Func<string> otherwise)
    {
        if (!isRight)
        {
            Wrong(otherwise());
        }
    }

    public void AssertNone() => Assert.True(_wrong.IsEmpty, string.Join('\n', _wrong));
}
