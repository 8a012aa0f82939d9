using System.Text.Json.Nodes;

namespace OcfCloud.Simulator.Resources;

/// <summary><c>oic.r.temperature</c> of a room: drifts by up to half a degree at a time and stays between 15 and 30 °C.</summary>
internal sealed class Temperature : DeviceResource, IDisposable
{
    private const double Lowest = 15;
    private const double Highest = 30;
    private const double LargestStep = 0.5;
    private readonly Lock _gate = new();
    private readonly Random _weather;
    private readonly ITimer _timer;
    private double _celsius = 21;

    /// <summary>Starts to drift.</summary>
    /// <param name="href">Its path on the device.</param>
    /// <param name="time">The clock.</param>
    /// <param name="period">Time between two measurements.</param>
    /// <param name="weather">Where the drift comes from.</param>
    public Temperature(string href, TimeProvider time, TimeSpan period, Random weather)
        : base(href, ["oic.r.temperature"], [OcfInterfaces.Sensor, OcfInterfaces.Baseline], observable: true)
    {
        _weather = weather;
        _timer = time.CreateTimer(_ => Measure(), state: null, period, period);
    }

    /// <summary>The last measurement, in °C with one decimal.</summary>
    public double Celsius
    {
        get
        {
            lock (_gate)
                return _celsius;
        }
    }

    /// <inheritdoc/>
    public override JsonObject Read() => new() { ["temperature"] = Celsius, ["units"] = "C" };

    /// <inheritdoc/>
    public override JsonObject? Save() => new() { ["temperature"] = Celsius };

    /// <inheritdoc/>
    public override void Restore(JsonObject saved)
    {
        lock (_gate)
            _celsius = Math.Clamp(saved["temperature"]?.GetValue<double>() ?? _celsius, Lowest, Highest);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Measure()
    {
        lock (_gate)
        {
            var step = ((_weather.NextDouble() * 2) - 1) * LargestStep;
            var next = Math.Round(Math.Clamp(_celsius + step, Lowest, Highest), 1);
            if (next == _celsius)
                return;
            _celsius = next;
        }

        RaiseChanged();
    }
}
