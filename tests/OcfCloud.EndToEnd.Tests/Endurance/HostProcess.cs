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

    /// <summary>Sockets that it has open; files of the store come and go as it likes.</summary>
    public static int OpenSockets(this Cloud cloud) =>
        new DirectoryInfo($"/proc/{cloud.Host.Id}/fd").EnumerateFileSystemInfos().Count(file => file.LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
}
