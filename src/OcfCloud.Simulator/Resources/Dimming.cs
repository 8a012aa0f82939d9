using System.Text.Json.Nodes;
using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Resources;

/// <summary>
/// <c>oic.r.light.dimming</c> of a lamp with a switch: 0 % switches it off, more switches it on, and switching on a lamp that was dimmed
/// to 0 % brings back its last brightness.
/// </summary>
internal sealed class Dimming : DeviceResource
{
    private const int Full = 100;
    private readonly Lock _gate = new();
    private readonly BinarySwitch _switch;
    private int _setting = Full;
    private int _lastBrightness = Full;

    /// <summary>Makes the dimmer of a lamp.</summary>
    /// <param name="href">Its path on the device.</param>
    /// <param name="switch">The lamp's switch.</param>
    public Dimming(string href, BinarySwitch @switch)
        : base(href, ["oic.r.light.dimming"], [OcfInterfaces.Actuator, OcfInterfaces.Baseline], observable: true)
    {
        _switch = @switch;
        _switch.Changed += _ => FollowSwitch();
    }

    /// <summary>Brightness in percent, 0 to 100.</summary>
    public int Setting
    {
        get
        {
            lock (_gate)
                return _setting;
        }
    }

    /// <inheritdoc/>
    public override JsonObject Read() => new() { ["dimmingSetting"] = (long)Setting };

    /// <inheritdoc/>
    public override ResourceOutcome Update(JsonObject body, Requester requester)
    {
        if (!RepresentationCodec.TryGetInteger(body["dimmingSetting"], out var setting))
            return ResourceOutcome.BadRequest("dimmingSetting is missing or no integer");
        if (setting is < 0 or > Full)
            return ResourceOutcome.BadRequest("dimmingSetting is not within 0 to 100");
        Set((int)setting);
        _switch.Turn(setting > 0);
        return ResourceOutcome.Changed(Read());
    }

    /// <inheritdoc/>
    public override JsonObject? Save()
    {
        lock (_gate)
            return new() { ["dimmingSetting"] = _setting, ["lastBrightness"] = _lastBrightness };
    }

    /// <inheritdoc/>
    public override void Restore(JsonObject saved)
    {
        lock (_gate)
        {
            _setting = Math.Clamp(saved["dimmingSetting"]?.GetValue<int>() ?? Full, 0, Full);
            _lastBrightness = Math.Clamp(saved["lastBrightness"]?.GetValue<int>() ?? Full, 1, Full);
        }
    }

    private void FollowSwitch()
    {
        if (_switch.IsOn && Setting == 0)
            Set(_lastBrightness);
    }

    private void Set(int setting)
    {
        lock (_gate)
        {
            if (_setting == setting)
                return;
            _setting = setting;
            if (setting > 0)
                _lastBrightness = setting;
        }

        RaiseChanged();
    }
}
