namespace OcfCloud.Simulator.Cloud;

/// <summary>
/// Waits between attempts: doubled each time up to a limit, each shortened by chance to half at most, so that many devices do not come back at once.
/// </summary>
/// <param name="first">The first wait.</param>
/// <param name="max">The longest wait.</param>
/// <param name="random">The chance.</param>
internal sealed class BackOff(TimeSpan first, TimeSpan max, Random random)
{
    private int _attempts;

    /// <summary>Attempts since the last success.</summary>
    public int Attempts => _attempts;

    /// <summary>The next wait: between half and all of <c>first × 2ⁿ</c>, at most <c>max</c>.</summary>
    public TimeSpan Next()
    {
        var exponent = Math.Min(_attempts++, 30);
        var full = Math.Min(first.TotalMilliseconds * Math.Pow(2, exponent), max.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(full * (0.5 + (random.NextDouble() / 2)));
    }

    /// <summary>After a success.</summary>
    public void Reset() => _attempts = 0;
}
