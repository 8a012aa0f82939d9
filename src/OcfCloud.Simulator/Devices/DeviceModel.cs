using OcfCloud.Simulator.Resources;

namespace OcfCloud.Simulator.Devices;

/// <summary>The resources of one simulated device, of whatever kind.</summary>
internal sealed class DeviceModel : IDisposable
{
    private static readonly TimeSpan MeasuringPeriod = TimeSpan.FromSeconds(5);

    private DeviceModel(Guid deviceId, string name, IReadOnlyList<DeviceResource> resources)
    {
        DeviceId = deviceId;
        Name = name;
        Resources = resources;
    }

    /// <summary><c>di</c>.</summary>
    public Guid DeviceId { get; }

    /// <summary><c>n</c>.</summary>
    public string Name { get; }

    /// <summary>All resources, <c>/oic/d</c> and <c>/oic/p</c> first.</summary>
    public IReadOnlyList<DeviceResource> Resources { get; }

    /// <summary>Builds a device with the values that it had.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="state">Its ids and values.</param>
    /// <param name="time">The clock of what moves by itself.</param>
    /// <param name="random">Where its drift comes from.</param>
    public static DeviceModel Create(DeviceKind kind, string name, DeviceState state, TimeProvider time, Random random)
    {
        var (deviceTypes, own) = OfKind(kind, time, random);
        foreach (var resource in own)
        {
            if (state.Values[resource.Href] is System.Text.Json.Nodes.JsonObject saved)
                resource.Restore(saved);
        }

        return new DeviceModel(
            state.DeviceId,
            name,
            [
                new DeviceInformation(state.DeviceId, state.IndependentId, name, deviceTypes),
                new PlatformInformation(state.PlatformId, $"simulated {kind.ToString().ToLowerInvariant()}"),
                .. own,
            ]);
    }

    /// <summary>The resource at a path.</summary>
    public T Get<T>(string href)
        where T : DeviceResource => (T)Resources.Single(r => r.Href == href);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var moving in Resources.OfType<IDisposable>())
            moving.Dispose();
    }

    private static (string[] DeviceTypes, DeviceResource[] Resources) OfKind(DeviceKind kind, TimeProvider time, Random random)
    {
        switch (kind)
        {
            case DeviceKind.Light:
                var lamp = new BinarySwitch("/light/switch");
                return (["oic.d.light"], [lamp, new Dimming("/light/dimming", lamp)]);
            case DeviceKind.Sensor:
                return (["oic.d.sensor"], [new Temperature("/temperature", time, MeasuringPeriod, random)]);
            case DeviceKind.Switch:
                return (["oic.d.switch"], [new BinarySwitch("/switch")]);
            default:
                return ([], []);
        }
    }
}
