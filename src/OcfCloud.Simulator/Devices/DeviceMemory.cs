using System.Text.Json.Nodes;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.DataFiles;
using OcfCloud.Simulator.Resources;

namespace OcfCloud.Simulator.Devices;

/// <summary>A device's state and the file that it is kept in; written by several threads, one at a time.</summary>
internal sealed class DeviceMemory
{
    private readonly Lock _gate = new();
    private readonly StateFile<DeviceState> _file;
    private DeviceState _state;

    private DeviceMemory(StateFile<DeviceState> file, DeviceState state)
    {
        _file = file;
        _state = state;
    }

    /// <summary>The state as it is now.</summary>
    public DeviceState Current
    {
        get
        {
            lock (_gate)
                return _state;
        }
    }

    /// <summary>Reads the file, or begins one.</summary>
    /// <param name="path">Where it is kept.</param>
    /// <param name="deviceId">The id that the device must have; a file of another device is replaced. Null takes the file's, or makes one.</param>
    public static DeviceMemory Open(string path, Guid? deviceId = null)
    {
        var file = new StateFile<DeviceState>(path);
        var state = file.Read();
        if (state is null || (deviceId is { } id && state.DeviceId != id))
        {
            state = DeviceState.New(deviceId);
            file.Write(state);
        }

        return new DeviceMemory(file, state);
    }

    /// <summary>Keeps what the device knows of its cloud.</summary>
    public void Keep(CloudRecord cloud) => Change(s => s with { Cloud = cloud });

    /// <summary>Keeps the values of resources.</summary>
    public void Keep(IEnumerable<DeviceResource> resources) => Change(s =>
    {
        // Read here, where writers take turns: the last one writes the newest values.
        var values = new JsonObject();
        foreach (var resource in resources)
        {
            if (resource.Save() is { } saved)
                values[resource.Href] = saved;
        }

        return s with { Values = values };
    });

    private void Change(Func<DeviceState, DeviceState> change)
    {
        lock (_gate)
        {
            _state = change(_state);
            _file.Write(_state);
        }
    }
}
