using Microsoft.Extensions.Time.Testing;
using OcfCloud.Simulator.Devices;
using OcfCloud.Simulator.Resources;

namespace OcfCloud.Simulator.Tests.Resources;

public sealed class SensorTests
{
    [Fact]
    public void The_temperature_drifts_with_the_clock_and_is_told()
    {
        var time = new FakeTimeProvider();
        using var sensor = DeviceModel.Create(DeviceKind.Sensor, "sensor-1", DeviceState.New(), time, new Random(7));
        var temperature = sensor.Get<Temperature>("/temperature");
        var told = 0;
        temperature.Changed += _ => told++;

        for (var i = 0; i < 1000; i++)
        {
            var before = temperature.Celsius;
            time.Advance(TimeSpan.FromSeconds(5));
            Assert.InRange(Math.Abs(temperature.Celsius - before), 0, 0.55);
            Assert.InRange(temperature.Celsius, 15, 30);
        }

        Assert.InRange(told, 500, 1000);
    }

    [Fact]
    public void Without_time_it_stands_still()
    {
        using var sensor = DeviceModel.Create(DeviceKind.Sensor, "sensor-1", DeviceState.New(), new FakeTimeProvider(), new Random(7));

        Assert.Equal("""{"temperature":21,"units":"C"}""", sensor.Get<Temperature>("/temperature").Read().ToJsonString());
    }

    [Fact]
    public void It_takes_no_update()
    {
        using var sensor = DeviceModel.Create(DeviceKind.Sensor, "sensor-1", DeviceState.New(), new FakeTimeProvider(), new Random(7));

        Assert.Equal(ResourceStatus.NotAllowed, sensor.Get<Temperature>("/temperature").Update([], Requester.Cloud).Status);
    }
}
