using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace OcfCloud.Fuzzing.Engine;

/// <summary>
/// Which branches an execution took and how often, as the instrumented assemblies count them: a cell for each pair of blocks that followed one another. It has to be there
/// before any instrumented code runs, and stays as long as the process.
/// </summary>
internal sealed unsafe class CoverageMap
{
    /// <summary>Cells.</summary>
    public const int Size = 1 << 16;

    // As AFL: what is counted as another number of times. One bit each.
    private static readonly byte[] Buckets = MakeBuckets();

    private readonly byte* _cells = (byte*)NativeMemory.AlignedAlloc(Size, 64);
    private readonly byte[] _seen = new byte[Size];

    public CoverageMap()
    {
        Clear();
        Trace.SharedMem = _cells;
        Trace.PrevLocation = 0;
    }

    /// <summary>Cells that were ever hit.</summary>
    public int Edges { get; private set; }

    /// <summary>Before an execution.</summary>
    public void Clear()
    {
        NativeMemory.Clear(_cells, Size);
        Trace.PrevLocation = 0;
    }

    /// <summary>Whether the last execution went where none went before; it is remembered.</summary>
    public bool TakeNews()
    {
        var isNews = false;
        var words = (ulong*)_cells;
        for (var i = 0; i < Size / sizeof(ulong); i += 4)
        {
            if ((words[i] | words[i + 1] | words[i + 2] | words[i + 3]) == 0) continue;
            for (var cell = i * sizeof(ulong); cell < (i + 4) * sizeof(ulong); cell++)
            {
                var bucket = Buckets[_cells[cell]];
                if ((_seen[cell] & bucket) == bucket) continue;
                if (_seen[cell] == 0) Edges++;
                _seen[cell] |= bucket;
                isNews = true;
            }
        }

        return isNews;
    }

    /// <summary>What the last execution did, a number for each cell and how often it was hit.</summary>
    public int[] Features()
    {
        var features = new List<int>();
        for (var cell = 0; cell < Size; cell++)
        {
            if (_cells[cell] != 0) features.Add((cell << 8) | Buckets[_cells[cell]]);
        }

        return [.. features];
    }

    private static byte[] MakeBuckets()
    {
        var buckets = new byte[256];
        for (var count = 1; count < buckets.Length; count++)
        {
            buckets[count] = count switch
            {
                1 => 1,
                2 => 2,
                3 => 4,
                < 8 => 8,
                < 16 => 16,
                < 32 => 32,
                < 128 => 64,
                _ => 128,
            };
        }

        return buckets;
    }
}
