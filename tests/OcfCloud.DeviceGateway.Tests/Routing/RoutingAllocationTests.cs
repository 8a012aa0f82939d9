using OcfCloud.DeviceGateway.Tests.Connections;
using OcfCloud.DeviceGateway.Tests.Metrics;

namespace OcfCloud.DeviceGateway.Tests.Routing;

public sealed class RoutingAllocationTests
{
    private const int Rounds = 1000;

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task A_request_and_its_answer_pass_without_an_allocation(int depth)
    {
        using var collector = new Collector();
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, client, _) = await room.SignInAsync();
        var (_, device, deviceId) = await room.SignInAsync();
        var exchange = new RoutedExchange(client, device, deviceId, depth);

        // Buffers, slots and code come into being before it counts.
        for (var i = 0; i < Rounds; i++)
            exchange.Run();

        // What the path itself allocates it allocates each time; collections, which other tests cause, empty the pool of buffers now and then.
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 5 && least > 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Rounds; i++)
                exchange.Run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        // Measured they were all the same.
        Assert.True(collector.CountOf("ocfcloud.gateway.routing.duration") >= 2 * Rounds * depth);
    }
}
