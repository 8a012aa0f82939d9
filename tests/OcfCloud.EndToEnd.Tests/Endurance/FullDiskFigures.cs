using System.Diagnostics;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>
/// <see cref="FullDiskTests"/> on a disk that is full: a small tmpfs, which only root may mount. By hand:
/// <code>dotnet run -c Release --project tests/OcfCloud.EndToEnd.Tests -- --explicit only --filter-class OcfCloud.EndToEnd.Endurance.FullDiskFigures</code>
/// </summary>
[Trait("Kind", "Figures")]
public sealed class FullDiskFigures
{
    [Fact(Explicit = true)]
    public async Task A_tmpfs_that_is_full_and_has_room_again()
    {
        using var disk = new TemporaryFolder();
        Run("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", disk.Path);
        try
        {
            await FullDiskTests.RunAsync(
                certificate => Cloud.StartAsync(
                    folder =>
                    {
                        Directory.Delete(folder);
                        Directory.CreateSymbolicLink(folder, disk.Path);
                    },
                    FullDiskTests.SettingsOf(certificate)),
                fill: Fill,
                free: cloud => File.Delete(Path.Combine(cloud.DataDirectory, "filler")));
        }
        finally
        {
            Run("umount", "-l", disk.Path);
        }
    }

    private static void Fill(Cloud cloud)
    {
        using var filler = new FileStream(Path.Combine(cloud.DataDirectory, "filler"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true) filler.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
