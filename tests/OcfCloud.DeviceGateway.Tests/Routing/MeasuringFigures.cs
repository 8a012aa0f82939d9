using System.Diagnostics;
using OcfCloud.Coap;
using OcfCloud.DeviceGateway.Metrics;
using OcfCloud.DeviceGateway.Tests.Connections;
using OcfCloud.DeviceGateway.Tests.Metrics;

namespace OcfCloud.DeviceGateway.Tests.Routing;

/// <summary>What measuring costs a routed request, by hand: the quickest of many short rounds, which nobody disturbed.</summary>
public sealed class MeasuringFigures(ITestOutputHelper output)
{
    private const int Rounds = 300;
    private const int Times = 2_000;

    [Fact(Explicit = true)]
    [Trait("Kind", "Figures")]
    public async Task What_measuring_costs_a_routed_request()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, client, _) = await room.SignInAsync();
        var (_, device, deviceId) = await room.SignInAsync();
        var exchange = new RoutedExchange(client, device, deviceId, 1);
        using var metrics = new GatewayMetrics();
        var (uncollected, collected, measuring, reading) = (double.MaxValue, double.MaxValue, double.MaxValue, double.MaxValue);
        for (var i = 0; i < Rounds; i++)
        {
            uncollected = Math.Min(uncollected, NanosecondsOf(exchange.Run));
            using var collector = new Collector();
            collected = Math.Min(collected, NanosecondsOf(exchange.Run));
            measuring = Math.Min(measuring, NanosecondsOf(() => metrics.Routed(CoapCode.Get, CoapCode.Content, TimeSpan.FromTicks(5_000))));
            reading = Math.Min(reading, NanosecondsOf(() => Stopwatch.GetTimestamp()));
        }

        output.WriteLine($"request and answer, not collected: {uncollected:F0} ns; collected: {collected:F0} ns");
        output.WriteLine($"of these, counting and recording: {measuring:F0} ns; one look at the clock: {reading:F0} ns");
    }

    private static double NanosecondsOf(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Times; i++)
            work();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Times;
    }
}
