using System.Diagnostics;
using OcfCloud.Fuzzing.Targets;

namespace OcfCloud.Fuzzing.Engine;

/// <summary>Runs a target on an input and holds it to its bounds of memory and time.</summary>
internal sealed class Execution(FuzzTarget target)
{
    // What else ran meanwhile, or was compiled or set up once, is no fault of an input: it has to be so every time.
    private const int Repeats = 3;

    /// <summary>What an execution may take of a processor's time.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromMilliseconds(100);

    /// <summary>The most that an execution allocated, in bytes.</summary>
    public long MostAllocated { get; private set; }

    /// <summary>The most of a processor's time that one took.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>Runs it.</summary>
    /// <exception cref="Exception">Whatever the target threw, or it took more than it may.</exception>
    public void Run(ReadOnlyMemory<byte> input)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var began = Stopwatch.GetTimestamp();
        target.Run(input);
        if (Stopwatch.GetElapsedTime(began) > Slowest || GC.GetAllocatedBytesForCurrentThread() - allocated > MostAllocated) Measure(input);
    }

    private void Measure(ReadOnlyMemory<byte> input)
    {
        var (allocated, time) = (long.MaxValue, TimeSpan.MaxValue);
        for (var i = 0; i < Repeats; i++)
        {
            var (allocatedBefore, timeBefore) = (GC.GetAllocatedBytesForCurrentThread(), ThreadTime.Now());
            target.Run(input);
            var (timeAfter, allocatedAfter) = (ThreadTime.Now(), GC.GetAllocatedBytesForCurrentThread());
            allocated = Math.Min(allocated, allocatedAfter - allocatedBefore);
            if (timeAfter - timeBefore < time) time = timeAfter - timeBefore;
        }

        MostAllocated = Math.Max(MostAllocated, allocated);
        if (time > Slowest) Slowest = time;
        var most = target.FixedAllocation + (target.AllocationPerByte * input.Length);
        if (allocated > most) throw new InvariantBrokenException($"{input.Length} bytes cost at most {most} bytes of memory ({allocated})");
        if (time > MaxTime) throw new InvariantBrokenException($"an execution takes at most {MaxTime.TotalMilliseconds} ms ({time.TotalMilliseconds:F0})");
    }
}
