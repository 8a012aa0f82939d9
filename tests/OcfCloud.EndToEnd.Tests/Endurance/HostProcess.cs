using System.Globalization;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>What the operating system says of a host's process.</summary>
internal static class HostProcess
{
    /// <summary>Bytes of memory that it holds.</summary>
    public static long ResidentBytes(this Cloud cloud)
    {
        var line = File.ReadLines($"/proc/{cloud.Host.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Files and sockets that it has open.</summary>
    public static int OpenFiles(this Cloud cloud) => Directory.GetFileSystemEntries($"/proc/{cloud.Host.Id}/fd").Length;
}
