using OcfCloud.Simulator.DataFiles;

namespace OcfCloud.Simulator.Cameras.Keystore;

/// <summary>A camera's state and the file that it is kept in; changed by several connections, one at a time.</summary>
internal sealed class CameraMemory
{
    private readonly Lock _gate = new();
    private readonly StateFile<CameraState> _file;
    private CameraState _state;

    private CameraMemory(StateFile<CameraState> file, CameraState state)
    {
        _file = file;
        _state = state;
    }

    /// <summary>The state as it is now.</summary>
    public CameraState Current
    {
        get
        {
            lock (_gate)
                return _state;
        }
    }

    /// <summary>Reads the file, or begins one.</summary>
    /// <param name="path">Where it is kept.</param>
    /// <param name="identity">Who a new camera is.</param>
    /// <exception cref="InvalidDataException">The file holds something else.</exception>
    public static CameraMemory Open(string path, Func<CameraIdentity> identity)
    {
        var file = new StateFile<CameraState>(path);
        var state = file.Read();
        if (state is null)
        {
            state = new CameraState { Identity = identity() };
            file.Write(state);
        }

        return new CameraMemory(file, state);
    }

    /// <summary>Changes the state; durable when this returns. What is thrown leaves it as it was.</summary>
    public void Change(Func<CameraState, CameraState> change)
    {
        lock (_gate)
        {
            var next = change(_state);
            _file.Write(next);
            _state = next;
        }
    }
}
