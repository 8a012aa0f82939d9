using System.Text.RegularExpressions;
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

        // The other cloud got a code and tokens, saw both lights, and was told in order what is and what came.
        Assert.Contains("https://peer.example/callback?code=", Assert.Single(OutputsOf("echo \"$callback\"")), StringComparison.Ordinal);
        var devices = Assert.Single(OutputsOf("| tee data/devices.json"));
        Assert.Equal(2, Regex.Count(devices, "/light/switch\"", RegexOptions.None, TimeSpan.FromSeconds(1)));
        Assert.Equal(2, OutputsOf("/subscriptions ").Count(output => output.Contains("subscriptionId", StringComparison.Ordinal)));
        await walk.ReceiverPrintsAsync("devices_online #\\d+ signature good .*\"di\"");
        await walk.ReceiverPrintsAsync("devices_offline #1 signature good");
        await walk.ReceiverPrintsAsync("resource_contentchanged #0 signature good .*\"value\":false");
        await walk.ReceiverPrintsAsync("resource_contentchanged #1 signature good .*\"value\":true");

        // The camera said who it is.
        Assert.Matches("AC-2000.* online ", Assert.Single(OutputsOf(" camera list")));

        IEnumerable<string> OutputsOf(string command) => walk.Printed.Where(p => p.Command.Contains(command, StringComparison.Ordinal)).Select(p => p.Output);
    }
}
