using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>Slow, silent and greedy peers, all at the same time, beside a device and a client that do as they should.</summary>
public sealed class SlowPeersTests
{
    private const int Requests = 100;

    // Of what they may cost together: outboxes, half messages, TLS.
    private const long MostMemory = 150L << 20;

    [Fact]
    public async Task They_hurt_nobody_hold_a_bounded_memory_and_are_sent_away()
    {
        await using var cloud = await Cloud.StartAsync(settings:
        [
            CloudFixture.LongTokens, "Devices:HandshakeTimeout=00:00:02", "Devices:SignInTimeout=00:00:03", "Devices:MessageTimeout=00:00:02", "Devices:WriteTimeout=00:00:02",
            "Devices:MaxOutgoingBytes=65536", "Devices:TwinSpread=1.00:00:00", "Logging:MaxRepeated=1",
        ]);
        var user = await cloud.AddUserAsync("alice");
        await using var pair = await Pair.JoinAsync(user);
        await AskAsync(pair);
        var (sockets, memory) = (cloud.OpenSockets(), cloud.ResidentBytes());

        await using (var slow = new SlowPeers(cloud, await cloud.AddUserAsync("mallory")))
        {
            await slow.HalfOpenAsync(30);
            await slow.SilentAsync(30);
            await slow.DrippingAsync(10);
            await slow.NeverReadingAsync(2, "/oic/res");
            await using (var greedy = new SlowPeers(cloud, await cloud.AddUserAsync("trudy")))
            {
                await greedy.DeafDeviceAsync();
                await greedy.FloodingAsync(1, "/oic/res");
                await AskAsync(pair);
                Assert.InRange(cloud.ResidentBytes() - memory, long.MinValue, MostMemory);
            }

            // Those of whoever reads stay.
            await Eventually.EqualAsync(true, () => Task.FromResult(cloud.OpenSockets() <= sockets + 5));
        }

        await AskAsync(pair);
    }

    private static async Task AskAsync(Pair pair)
    {
        for (var n = 0; n < Requests; n++) Assert.Equal("2.05", (await pair.Client.RequestAsync("GET", pair.PathOf("/light"))).CodeText);
    }
}
