using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OcfCloud.Fuzzing.Engine;

/// <summary>How long this thread was worked on: behind everything else that runs on a machine, what passes on a clock says little.</summary>
internal static partial class ThreadTime
{
    private const int ThreadClock = 3;

    /// <summary>Since some time; on Linux of the thread's own, else of the clock.</summary>
    public static TimeSpan Now() =>
        OperatingSystem.IsLinux() && GetTime(ThreadClock, out var time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
            : Stopwatch.GetElapsedTime(0);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Time
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
