using System.IO.MemoryMappedFiles;

namespace OcfCloud.EndToEnd.Harness;

/// <summary>The time of day of a process, moved while it runs; its monotonic clock is left alone.</summary>
internal sealed class SteppedClock : IDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _offset;

    private SteppedClock(TemporaryFolder folder)
    {
        _folder = folder;
        _file = MemoryMappedFile.CreateFromFile(folder.File("offset"), FileMode.Create, mapName: null, sizeof(long));
        _offset = _file.CreateViewAccessor();
    }

    /// <summary>What a process that is to have this clock has in its environment.</summary>
    public IReadOnlyList<(string, string?)> Environment => [("LD_PRELOAD", _folder.File("clock.so")), ("STEPPED_CLOCK", _folder.File("offset"))];

    public static async Task<SteppedClock> BuildAsync()
    {
        var folder = new TemporaryFolder();
        var source = Path.Combine(Repository.Root, "tests", "OcfCloud.EndToEnd.Tests", "Harness", "stepped-clock.c");
        await using var compiler = RunningProgram.Start("gcc", ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", folder.File("clock.so"), source, "-ldl"]);
        Assert.True(await compiler.WaitForExitAsync() == 0, compiler.Transcript);
        return new SteppedClock(folder);
    }

    /// <summary>How far it is from the machine's, in whole seconds.</summary>
    public void Set(TimeSpan offset) => _offset.Write(0, (long)offset.TotalSeconds);

    public void Dispose()
    {
        _offset.Dispose();
        _file.Dispose();
        _folder.Dispose();
    }
}
