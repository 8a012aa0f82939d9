using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Readme;

/// <summary>Every command of README.md, typed as it stands there, and what the reader is promised to see.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task Every_command_of_the_README_does_what_it_says()
    {
        var path = Path.Combine(Repository.Root, "README.md");
        if (!File.Exists(path))
        {
            throw new SkippedException("README.md is not there");
        }

        await using var walk = new ReadmeWalk();
        var commands = ReadmeCommands.Of(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        foreach (var command in commands)
        {
            await walk.TypeAsync(command);
        }

        // Two lights are discovered, one is switched on and off and seen doing so, and after the kill both are offline.
        var discovered = Assert.Single(OutputsOf(" client discover"));
        Assert.Contains("light-1", discovered, StringComparison.Ordinal);
        Assert.Contains("light-2", discovered, StringComparison.Ordinal);
        Assert.Contains("oic.r.switch.binary", discovered, StringComparison.Ordinal);
        Assert.Contains("\"value\": true", OutputsOf(" client post ").First(), StringComparison.Ordinal);
        Assert.Contains("\"value\": true", Assert.Single(OutputsOf(" client get ")), StringComparison.Ordinal);
        await walk.ObserverPrintsAsync("\"value\":true");
        await walk.ObserverPrintsAsync("\"value\":false");
        Assert.Equal(2, ReadmeWalk.PublishersIn(Assert.Single(OutputsOf(" device list")), "offline"));

        // "Start the lights again with the same command as before": they are back.
        await walk.TypeAsync(commands.Last(c => c.Contains(" device light", StringComparison.Ordinal)));

        IEnumerable<string> OutputsOf(string command) => walk.Printed.Where(p => p.Command.Contains(command, StringComparison.Ordinal)).Select(p => p.Output);
    }
}
