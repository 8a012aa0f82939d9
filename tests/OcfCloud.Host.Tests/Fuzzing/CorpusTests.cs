using OcfCloud.Fuzzing.Engine;
using OcfCloud.Fuzzing.Targets;

namespace OcfCloud.Host.Tests.Fuzzing;

/// <summary>What fuzzing came to, run again in every build (docs/reliability.md).</summary>
public sealed class CorpusTests
{
    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Every_input_of_the_corpus_is_taken_within_bounds_and_breaks_nothing(string name)
    {
        var target = FuzzTargets.Find(name)!;
        var execution = new Execution(target);
        var kept = Corpus.Read(Path.Combine(Corpus.Folder, name)).ToList();

        Assert.NotEmpty(kept);
        foreach (var (file, input) in kept.Concat(target.Seeds.Select((seed, number) => ($"seed {number}", seed))))
        {
            var broken = Record.Exception(() => execution.Run(input));
            Assert.True(broken is null, $"{name}/{file}: {broken}");
        }
    }
}
