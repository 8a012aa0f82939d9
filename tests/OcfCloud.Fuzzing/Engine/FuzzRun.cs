using System.Diagnostics;
using System.Globalization;
using OcfCloud.Fuzzing.Targets;

namespace OcfCloud.Fuzzing.Engine;

/// <summary>
/// Fuzzes one target in this process, where memory and time of every execution can be measured, and no pipe has to be waited for:
/// <code>
///   seeds, corpus ─► queue ─► an input ─► changed ─► run on instrumented code ─┬─► went where none went before ─► queue
///                                                                              ├─► threw, or took too much ─► findings
///                                                                              └─► else forgotten
/// </code>
/// </summary>
internal sealed class FuzzRun : IDisposable
{
    private const int MutationsOfOne = 64;
    private const int MostKept = 40;

    private static readonly TimeSpan MaxStandstill = TimeSpan.FromSeconds(30);

    private readonly FuzzTarget _target;
    private readonly FuzzRunOptions _options;
    private readonly TextWriter _output;
    private readonly string _work;
    private readonly Execution _execution;
    private readonly CoverageMap _map;
    private readonly InputQueue _queue;
    private readonly Mutator _mutator;
    private readonly Findings _findings;
    private readonly CurrentInput _current;
    private readonly long _began = Stopwatch.GetTimestamp();
    private long _executions;
    private long _watched = -1;

    public FuzzRun(FuzzTarget target, CoverageMap map, FuzzRunOptions options, TextWriter output)
    {
        (_target, _map, _options, _output) = (target, map, options, output);
        _work = Path.Combine(options.Work, target.Name);
        Directory.CreateDirectory(_work);
        var dice = new Dice(options.Seed);
        _execution = new Execution(target);
        _queue = new InputQueue(dice);
        _mutator = new Mutator(dice, [.. target.Words], target.MaxLength, target.Grain);
        _findings = new Findings(Path.Combine(_work, "found"), output);
        _current = new CurrentInput(Path.Combine(_work, "current"), target.MaxLength);
    }

    /// <summary>Runs until a bound is reached.</summary>
    /// <returns>How many kinds of findings there were.</returns>
    public int Run()
    {
        using var watch = new Timer(_ => Watch(), state: null, MaxStandstill, MaxStandstill);
        foreach (var input in Beginning()) Try(input, isKept: true);
        if (_map.Edges == 0) throw new InvalidOperationException("The assemblies are not instrumented: run.sh does that.");
        var reported = Stopwatch.GetTimestamp();
        while (_executions < _options.Executions && Stopwatch.GetElapsedTime(_began) < _options.Time && !_findings.AreTooMany)
        {
            var parent = _queue.Pick();
            for (var i = 0; i < MutationsOfOne; i++) Try(_mutator.Mutate(parent, _queue.Any()), isKept: false);
            if (Stopwatch.GetElapsedTime(reported) < TimeSpan.FromSeconds(30)) continue;
            reported = Stopwatch.GetTimestamp();
            Report();
        }

        Report();
        Keep();
        return _findings.Count;
    }

    public void Dispose() => _current.Dispose();

    // The kept corpus, and what runs before this one came to.
    private List<byte[]> Beginning()
    {
        string[] folders = [Path.Combine(_options.Corpus, _target.Name), Path.Combine(_work, "queue")];
        var kept = folders.SelectMany(Corpus.Read).Select(one => one.Input);
        return [.. _target.Seeds.Concat(kept).Where(input => input.Length <= _target.MaxLength)];
    }

    private void Try(ReadOnlyMemory<byte> input, bool isKept)
    {
        _current.Set(input.Span);
        _map.Clear();
        try
        {
            _execution.Run(input);
        }
        catch (Exception e)
        {
            // Whatever it is: it is what is looked for.
            _findings.Add(input.Span, e);
        }

        Volatile.Write(ref _executions, _executions + 1);
        if (_map.TakeNews() || isKept) _queue.Add(input.Span);
    }

    private void Report()
    {
        var time = Stopwatch.GetElapsedTime(_began);
        _output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{_target.Name}\t{_executions} executions\t{time.TotalSeconds:F0} s\t{_executions / time.TotalSeconds:F0} /s\t{_map.Edges} edges\t{_queue.Count} inputs\tmost memory {_execution.MostAllocated} bytes\tslowest {_execution.Slowest.TotalMilliseconds:F2} ms\t{_findings.Count} findings"));
    }

    private void Keep()
    {
        Write("queue", _queue.All);
        Write("minimised", new Minimisation(FeaturesOf).Pick(_queue.All, MostKept));
        File.AppendAllText(Path.Combine(_options.Work, "figures.tsv"), string.Create(
            CultureInfo.InvariantCulture,
            $"{_target.Name}\t{_executions}\t{Stopwatch.GetElapsedTime(_began).TotalSeconds:F0}\t{_map.Edges}\t{_execution.MostAllocated}\t{_execution.Slowest.TotalMilliseconds:F2}\t{_findings.Count}\n"));
    }

    private int[] FeaturesOf(byte[] input)
    {
        _map.Clear();
        try
        {
            _target.Run(input);
        }
        catch (Exception)
        {
            // A finding, which was written down when it was found.
            return [];
        }

        return _map.Features();
    }

    private void Write(string folder, IReadOnlyList<byte[]> inputs)
    {
        var path = Path.Combine(_work, folder);
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        Directory.CreateDirectory(path);
        for (var i = 0; i < inputs.Count; i++) File.WriteAllBytes(Path.Combine(path, i.ToString("D5", CultureInfo.InvariantCulture)), inputs[i]);
    }

    // An execution that does not end ends the process, its input being in the file.
    private void Watch()
    {
        var executions = Volatile.Read(ref _executions);
        if (executions == _watched && executions < _options.Executions) Environment.FailFast($"{_target.Name}: one execution takes more than {MaxStandstill.TotalSeconds} seconds.");
        _watched = executions;
    }
}
