using System.Text.Json.Nodes;

namespace OcfCloud.Simulator.Resources;

/// <summary><c>oic.r.switch.binary</c>: on or off.</summary>
/// <param name="href">Its path on the device.</param>
internal sealed class BinarySwitch(string href)
    : DeviceResource(href, ["oic.r.switch.binary"], [OcfInterfaces.Actuator, OcfInterfaces.Baseline], observable: true)
{
    private readonly Lock _gate = new();
    private bool _on;

    /// <summary>Whether it is on.</summary>
    public bool IsOn
    {
        get
        {
            lock (_gate)
                return _on;
        }
    }

    /// <summary>Turns it; tells of it only where that changed something.</summary>
    public void Turn(bool on)
    {
        lock (_gate)
        {
            if (_on == on)
                return;
            _on = on;
        }

        RaiseChanged();
    }

    /// <inheritdoc/>
    public override JsonObject Read() => new() { ["value"] = IsOn };

    /// <inheritdoc/>
    public override ResourceOutcome Update(JsonObject body, Requester requester)
    {
        if (body["value"] is not JsonValue value || !value.TryGetValue(out bool on))
            return ResourceOutcome.BadRequest("value is missing or no boolean");
        Turn(on);
        return ResourceOutcome.Changed(Read());
    }

    /// <inheritdoc/>
    public override JsonObject? Save() => Read();

    /// <inheritdoc/>
    public override void Restore(JsonObject saved)
    {
        lock (_gate)
            _on = saved["value"]?.GetValue<bool>() ?? false;
    }
}
