using System.Diagnostics.Metrics;

namespace OcfCloud.Fuzzing.Targets;

/// <summary>Meters that nobody listens to: what is counted here is not the product's.</summary>
internal sealed class QuietMeters : IMeterFactory
{
    public Meter Create(MeterOptions options) => new("Fuzzing");

    public void Dispose()
    {
    }
}
