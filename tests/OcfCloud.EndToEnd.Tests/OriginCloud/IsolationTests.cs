using System.Diagnostics;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.OriginCloud;

/// <summary>A target that has gone wrong costs its own users only.</summary>
[Collection(nameof(LinkingCloud))]
public sealed class IsolationTests(LinkingCloud fixture) : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10), Quick = TimeSpan.FromSeconds(1);

    private StrictTarget Target => fixture.Target;

    [Theory]
    [InlineData("rubbish")]
    [InlineData("endless")]
    [InlineData("redirect")]
    [InlineData("slow")]
    [InlineData("cut")]
    [InlineData("error")]
    public async Task A_target_that_has_gone_wrong_costs_its_own_users_only(string mode)
    {
        var alice = await fixture.LinkedAsync();
        await using var others = await Pair.JoinAsync(await fixture.AnotherUserAsync());
        await Target.MisbehaveAsync(mode, ms: 60_000);

        // More than any queue for the target has room for, and a retrieval among them.
        await Target.SkipAsync("devices");
        await Target.SetOnlineAsync(StrictTarget.Sensor, online: false);
        var waiting = Enumerable.Range(0, 100).Select(_ => TimedAsync(() => alice.Client.RequestAsync("GET", $"/{StrictTarget.Light}/light"))).ToList();
        for (var n = 0; n < 50; n++)
        {
            var (answer, took) = await TimedAsync(() => others.Client.RequestAsync("GET", others.PathOf("/light")));
            Assert.Equal("2.05", answer.CodeText);
            Assert.True(took < Quick, $"{took} for a device that has nothing to do with it.");
        }

        var refused = await Task.WhenAll(waiting);
        Assert.All(refused, r => Assert.True(r.Took < Bound, $"{r.Took} until the user was told."));
        if (mode != "rubbish") Assert.All(refused, r => Assert.StartsWith("5.0", r.Answer.CodeText, StringComparison.Ordinal));
        Assert.InRange((await Target.StateAsync()).EndlessBytes, 0, 64 << 20);

        // Whatever was said meanwhile, the devices are as the target has them again.
        await Target.MisbehaveAsync("none");
        await Target.SetOnlineAsync(StrictTarget.Sensor, online: true);
        await Eventually.EqualAsync("2.05", () => alice.CodeOfAsync(StrictTarget.Light, "/light"), TimeSpan.FromSeconds(60));
        await Eventually.EqualAsync("2.05", () => alice.CodeOfAsync(StrictTarget.Sensor, "/temperature"), TimeSpan.FromSeconds(60));
        await alice.WaitForLinkAsync(StrictTarget.Sensor, "/temperature");
    }

    public void Dispose() => fixture.AssertNothingRefused();

    private static async Task<(T Answer, TimeSpan Took)> TimedAsync<T>(Func<Task<T>> ask)
    {
        var started = Stopwatch.GetTimestamp();
        return (await ask(), Stopwatch.GetElapsedTime(started));
    }
}
