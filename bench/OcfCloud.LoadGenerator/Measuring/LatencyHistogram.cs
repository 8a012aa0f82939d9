using System.Diagnostics;
using System.Numerics;

namespace OcfCloud.LoadGenerator.Measuring;

/// <summary>Latencies in buckets of 3 % width: nothing is allocated when one is recorded.</summary>
internal sealed class LatencyHistogram
{
    private const int Bits = 5;
    private const int Steps = 1 << Bits;

    private readonly long[] _buckets = new long[(64 - Bits) * Steps];

    /// <summary>How many were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>Records one.</summary>
    /// <param name="ticks">Of <see cref="Stopwatch"/>.</param>
    public void Record(long ticks)
    {
        _buckets[BucketOf(Math.Max(ticks, 0))]++;
        Count++;
    }

    /// <summary>Takes over what another one recorded.</summary>
    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _buckets.Length; i++)
            _buckets[i] += other._buckets[i];
        Count += other.Count;
    }

    /// <summary>The time within which a share of them was done, in milliseconds; 0 where there are none.</summary>
    /// <param name="share">0 to 1.</param>
    public double Percentile(double share)
    {
        var rank = (long)Math.Ceiling(share * Count);
        long seen = 0;
        for (var i = 0; i < _buckets.Length; i++)
        {
            seen += _buckets[i];
            if (seen >= rank && seen > 0)
                return UpperEnd(i) * 1000.0 / Stopwatch.Frequency;
        }

        return 0;
    }

    private static int BucketOf(long ticks)
    {
        if (ticks < Steps)
            return (int)ticks;
        var shift = BitOperations.Log2((ulong)ticks) - Bits;
        return ((shift + 1) * Steps) + (int)((ticks >> shift) - Steps);
    }

    private static double UpperEnd(int bucket)
    {
        if (bucket < Steps)
            return bucket;
        var shift = (bucket / Steps) - 1;
        return ((long)((bucket % Steps) + Steps + 1) << shift) - 1;
    }
}
