using OcfCloud.Simulator.Cameras.Authorization;
using OcfCloud.Simulator.Cameras.Keystore;
using OcfCloud.Simulator.Cameras.Services;
using OcfCloud.Simulator.Cameras.Uplinks;

namespace OcfCloud.Simulator.Cameras;

/// <summary>
/// A camera: its services, its keystore, and one run for each uplink that is configured.
/// <code>
///  SetUplink ─► memory (file) ─► Reconcile ─► UplinkRun ─► UplinkDialer ─► CameraServer ─► CameraServices ─► memory …
/// </code>
/// </summary>
internal sealed class SimulatedCamera : IDisposable
{
    private readonly Action<string> _tell;
    private readonly Lock _gate = new();
    private readonly List<UplinkRun> _runs = [];
    private readonly List<UplinkRun> _retired = [];
    private readonly AuthorizationClient _authorization;
    private readonly UplinkDialer _dialer;
    private UplinkSurroundings? _surroundings;
    private CancellationToken _stop;

    /// <summary>Puts a camera together.</summary>
    /// <param name="name"><c>camera-1</c>.</param>
    /// <param name="memory">Its state.</param>
    /// <param name="misbehaviour">What it does otherwise than a good one.</param>
    /// <param name="timing">Waits and limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="tell">Called with a line for everything that a person may want to know.</param>
    public SimulatedCamera(string name, CameraMemory memory, Misbehaviour misbehaviour, CameraTiming timing, TimeProvider time, Action<string> tell)
    {
        (Name, Memory, Misbehaviour, Timing, Time, _tell) = (name, memory, misbehaviour, timing, time, tell);
        Services = new CameraServices(memory, misbehaviour, timing, time);
        _authorization = new AuthorizationClient(memory, misbehaviour, timing, time);
        _dialer = new UplinkDialer(misbehaviour, timing, time);
    }

    /// <summary><c>camera-1</c>.</summary>
    public string Name { get; }

    /// <summary>Its state.</summary>
    public CameraMemory Memory { get; }

    /// <summary>What it does otherwise than a good one.</summary>
    public Misbehaviour Misbehaviour { get; }

    /// <summary>Its services.</summary>
    public CameraServices Services { get; }

    private CameraTiming Timing { get; }

    private TimeProvider Time { get; }

    /// <summary>Connects all uplinks, in parallel, and keeps them connected until it is told to stop.</summary>
    /// <param name="server">Serves the connections.</param>
    /// <param name="cancellationToken">Tells it to stop.</param>
    public async Task RunAsync(CameraServer server, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _surroundings = new UplinkSurroundings(server, _dialer, _authorization, Timing, Time);
            _stop = cancellationToken;
        }

        Reconcile();
        await Task.Delay(Timeout.InfiniteTimeSpan, Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] left;
        lock (_gate)
        {
            _surroundings = null;
            left = [.. _runs.Concat(_retired).Select(run => run.Ended)];
        }

        await Task.WhenAll(left);
    }

    /// <summary>Makes the runs those of the configuration: of what changed the old one ends, after what is under way on it has been answered.</summary>
    public void Reconcile()
    {
        lock (_gate)
        {
            if (_surroundings is null)
                return;
            var state = Memory.Current;
            foreach (var run in _runs.Where(run => !IsAsConfigured(run, state)).ToList())
            {
                run.Retire();
                _runs.Remove(run);
                _retired.RemoveAll(old => old.Ended.IsCompleted);
                _retired.Add(run);
            }

            foreach (var uplink in state.Uplinks.Where(uplink => _runs.TrueForAll(run => run.Uplink != uplink)))
                _runs.Add(new UplinkRun(this, uplink, state.AuthorizationServer(uplink.AuthorizationServer), _surroundings, _stop));
        }
    }

    /// <summary>Loses its connections, after what is under way on them has been answered, and comes back.</summary>
    public void Reboot()
    {
        UplinkRun[] runs;
        lock (_gate)
            runs = [.. _runs];
        foreach (var run in runs)
            run.Reconnect();
    }

    /// <summary>State of an uplink, and the last error.</summary>
    public (UplinkStatus Status, string? Error) StatusOf(string remoteAddress)
    {
        lock (_gate)
            return _runs.Find(run => run.Uplink.RemoteAddress == remoteAddress)?.State ?? (UplinkStatus.Offline, null);
    }

    /// <summary>Tells of something.</summary>
    public void Tell(string what) => _tell(what);

    /// <inheritdoc/>
    public void Dispose() => _authorization.Dispose();

    private static bool IsAsConfigured(UplinkRun run, CameraState state) =>
        state.Uplink(run.Uplink.RemoteAddress) == run.Uplink && state.AuthorizationServer(run.Uplink.AuthorizationServer) == run.Server;
}
