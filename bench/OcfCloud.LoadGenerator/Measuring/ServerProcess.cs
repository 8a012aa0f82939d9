using System.Globalization;
using System.Runtime.InteropServices;

namespace OcfCloud.LoadGenerator.Measuring;

/// <summary>What the operating system says of the process that is measured.</summary>
internal sealed class ServerProcess(int pid)
{
    private const int ClockTicksPerSecond = 2; // _SC_CLK_TCK

    /// <summary>Processor time of all its threads, those that have ended too, in seconds (<c>utime</c> and <c>stime</c> of proc(5)).</summary>
    /// <exception cref="LoadException">There is no such process.</exception>
    public double CpuSeconds()
    {
        var stat = Read("stat");
        // The name in parentheses may hold anything; utime and stime are the 14th and 15th field, the state behind it the third.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return ticks / (double)Configured(ClockTicksPerSecond);
    }

    /// <summary>Memory that it has resident, in bytes (<c>VmRSS</c>).</summary>
    /// <exception cref="LoadException">There is no such process.</exception>
    public long ResidentBytes()
    {
        const string name = "VmRSS:";
        var line = Read("status").Split('\n').First(text => text.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024;
    }

    private string Read(string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (IOException e)
        {
            throw new LoadException($"the server's process {pid} is not there", e);
        }
    }

    [DllImport("libc", EntryPoint = "sysconf", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Configured(int name);
}
