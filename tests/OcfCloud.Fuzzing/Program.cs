using System.Globalization;
using OcfCloud.Fuzzing.Engine;
using OcfCloud.Fuzzing.Targets;
using SharpFuzz;

// Instrumented code counts from its first line on.
var map = new CoverageMap();

var work = Environment.GetEnvironmentVariable("FUZZ_WORK") ?? Path.Combine(Path.GetTempPath(), "ocfcloud-fuzz");
var corpus = Environment.GetEnvironmentVariable("FUZZ_CORPUS") ?? Corpus.Folder;
switch (args)
{
    case ["list"]:
        foreach (var one in FuzzTargets.All) Console.WriteLine(one.Name);
        return 0;
    case ["run", var name, .. var bounds] when FuzzTargets.Find(name) is { } target:
        var options = new FuzzRunOptions(Number(bounds, 0, 10_000_000), TimeSpan.FromSeconds(Number(bounds, 1, 3600)), corpus, work, (ulong)Number(bounds, 2, DateTime.UtcNow.Ticks));
        using (var run = new FuzzRun(target, map, options, Console.Out)) return run.Run() == 0 ? 0 : 1;
    case ["afl", var name] when FuzzTargets.Find(name) is { } target:
        var buffer = new byte[target.MaxLength];
        Fuzzer.Run(stream => target.Run(buffer.AsMemory(0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false))));
        return 0;
    case ["crashed", var name] when CurrentInput.Read(Path.Combine(work, name, "current")) is { } input:
        Directory.CreateDirectory(Path.Combine(work, name, "found"));
        File.WriteAllBytes(Path.Combine(work, name, "found", "crash"), input);
        return 0;
    case ["replay", var name, .. var files] when FuzzTargets.Find(name) is { } target:
        foreach (var file in files)
        {
            var execution = new Execution(target);
            var input = File.ReadAllBytes(file);
            execution.Run(input);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{execution.MostAllocated} bytes of memory\t{execution.Slowest.TotalMilliseconds:F3} ms\t{input.Length} bytes\t{file}"));
        }

        return 0;
    default:
        Console.Error.WriteLine("list | run TARGET [EXECUTIONS [SECONDS [SEED]]] | crashed TARGET | afl TARGET | replay TARGET FILE...");
        Console.Error.WriteLine($"targets: {string.Join(", ", FuzzTargets.All.Select(one => one.Name))}");
        return 2;
}

static long Number(string[] bounds, int index, long otherwise) => index < bounds.Length ? long.Parse(bounds[index], CultureInfo.InvariantCulture) : otherwise;
