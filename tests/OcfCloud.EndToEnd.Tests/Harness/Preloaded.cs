using System.IO.MemoryMappedFiles;

namespace OcfCloud.EndToEnd.Harness;

/// <summary>A library of ours that is built here and preloaded into a process, and the number by which it is steered while the process runs.</summary>
internal sealed class Preloaded : IDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly string _variable;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _number;

    private Preloaded(TemporaryFolder folder, string variable)
    {
        (_folder, _variable) = (folder, variable);
        _file = MemoryMappedFile.CreateFromFile(folder.File("number"), FileMode.Create, mapName: null, sizeof(long));
        _number = _file.CreateViewAccessor();
    }

    /// <summary>What the process has in its environment.</summary>
    public IReadOnlyList<(string, string?)> Environment => [("LD_PRELOAD", _folder.File("library.so")), (_variable, _folder.File("number"))];

    /// <summary>The time of day, moved by so many seconds; the monotonic clock is left alone.</summary>
    public static Task<Preloaded> SteppedClockAsync() => BuildAsync("stepped-clock.c", "STEPPED_CLOCK");

    /// <summary>While the number is not zero no file grows: the disk is full.</summary>
    public static Task<Preloaded> FullDiskAsync() => BuildAsync("full-disk.c", "FULL_DISK");

    public void Set(long number) => _number.Write(0, number);

    public void Dispose()
    {
        _number.Dispose();
        _file.Dispose();
        _folder.Dispose();
    }

    private static async Task<Preloaded> BuildAsync(string source, string variable)
    {
        var folder = new TemporaryFolder();
        var path = Path.Combine(Repository.Root, "tests", "OcfCloud.EndToEnd.Tests", "Harness", source);
        await using var compiler = RunningProgram.Start("gcc", ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", folder.File("library.so"), path, "-ldl"]);
        Assert.True(await compiler.WaitForExitAsync() == 0, compiler.Transcript);
        return new Preloaded(folder, variable);
    }
}
