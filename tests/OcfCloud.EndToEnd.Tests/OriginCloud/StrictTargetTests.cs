using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.OriginCloud;

/// <summary>The target by itself, with a client of its own: a failure of the tests beside this one is the Origin's.</summary>
public sealed class StrictTargetTests
{
    [Fact]
    public async Task The_strict_target_is_as_strict_as_it_says()
    {
        await using var tests = RunningProgram.Start("node", ["--test", Path.Combine(Repository.Root, "tests", "strict-target", "test.js")]);

        Assert.True(await tests.WaitForExitAsync() == 0, tests.Transcript);
    }
}
