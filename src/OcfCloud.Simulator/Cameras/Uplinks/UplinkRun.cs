using OcfCloud.Simulator.Cameras.Keystore;

namespace OcfCloud.Simulator.Cameras.Uplinks;

/// <summary>
/// The life of one uplink: token → connection → upgrade → served until it ends → wait, and again. Ends when the uplink is not configured any more.
/// </summary>
internal sealed class UplinkRun
{
    private readonly SimulatedCamera _camera;
    private readonly UplinkSurroundings _surroundings;
    private readonly CancellationTokenSource _retired = new();
    private readonly Lock _gate = new();
    private UplinkConnection? _connection;
    private (UplinkStatus Status, string? Error) _state = (UplinkStatus.Offline, null);
    private TimeSpan _wait;

    /// <summary>Begins.</summary>
    /// <param name="camera">Whose uplink.</param>
    /// <param name="uplink">As it is configured.</param>
    /// <param name="server">The authorization server that it names; null where it names none.</param>
    /// <param name="surroundings">What uplinks of a camera share.</param>
    /// <param name="cancellationToken">The camera is told to stop.</param>
    public UplinkRun(
        SimulatedCamera camera, StoredUplink uplink, StoredAuthorizationServer? server, UplinkSurroundings surroundings, CancellationToken cancellationToken)
    {
        (_camera, Uplink, Server, _surroundings) = (camera, uplink, server, surroundings);
        _wait = surroundings.Timing.ReconnectFirst;
        Ended = RunAsync(cancellationToken);
    }

    /// <summary>As it is configured.</summary>
    public StoredUplink Uplink { get; }

    /// <summary>Its authorization server, as it is configured.</summary>
    public StoredAuthorizationServer? Server { get; }

    /// <summary>Ends with the last connection.</summary>
    public Task Ended { get; }

    /// <summary>What GetUplinks shows.</summary>
    public (UplinkStatus Status, string? Error) State
    {
        get
        {
            lock (_gate)
                return _state;
        }
    }

    /// <summary>Ends for good, after what is under way has been answered.</summary>
    public void Retire() => _retired.Cancel();

    /// <summary>Ends the present connection, after what is under way has been answered; another one follows.</summary>
    public void Reconnect()
    {
        UplinkConnection? connection;
        lock (_gate)
            connection = _connection;
        if (connection is not null)
            _ = connection.CloseAsync(_surroundings.Timing.CloseLimit, _surroundings.Time);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        // The caller goes on: it may hold what this waits for.
        await Task.Yield();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _retired.Token);
        try
        {
            while (true)
            {
                var error = await AttemptAsync(either.Token);
                either.Token.ThrowIfCancellationRequested();
                Become(UplinkStatus.Offline, error);
                _camera.Tell($"offline: {Uplink.RemoteAddress}: {error}");
                var wait = _wait;
                _wait = wait * 2 < _surroundings.Timing.ReconnectMax ? wait * 2 : _surroundings.Timing.ReconnectMax;
                await Task.Delay(wait, _surroundings.Time, either.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Become(UplinkStatus.Offline, error: null);
        }
    }

    // Why it ended.
    private async Task<string> AttemptAsync(CancellationToken cancellationToken)
    {
        Become(UplinkStatus.Connecting, State.Error);
        try
        {
            var (stream, watch) = await ConnectAsync(cancellationToken);
            return await ServeAsync(stream, watch, cancellationToken);
        }
        catch (UplinkFailedException e)
        {
            if (e.IsTokenRefused && Server is not null)
                _surroundings.Authorization.Forget(Server);
            return e.Message;
        }
    }

    private async Task<(Stream Stream, WatchedStream Watch)> ConnectAsync(CancellationToken cancellationToken)
    {
        await _surroundings.Server.Turns.WaitAsync(cancellationToken);
        try
        {
            var token = Server is null ? null : await _surroundings.Authorization.TokenAsync(Server, cancellationToken);
            return await _surroundings.Dialer.DialAsync(_camera.Memory.Current, Uplink, token, cancellationToken);
        }
        finally
        {
            _surroundings.Server.Turns.Release();
        }
    }

    private async Task<string> ServeAsync(Stream stream, WatchedStream watch, CancellationToken cancellationToken)
    {
        await using var connection = new UplinkConnection(
            stream, _camera, Uplink.UserLevel, isOwnCloud: _camera.Memory.Current.EnrolledWith is { } own && own == Uplink.PolicyId);
        lock (_gate)
            _connection = connection;
        _surroundings.Server.Serve(connection);
        var stopping = Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        try
        {
            if (await Task.WhenAny(watch.Spoke, connection.Ended, stopping) == watch.Spoke && watch.Spoke.IsCompletedSuccessfully)
            {
                _wait = _surroundings.Timing.ReconnectFirst;
                Become(UplinkStatus.Connected, error: null);
                _camera.Tell($"connected: {Uplink.RemoteAddress}");
            }

            await Task.WhenAny(connection.Ended, stopping);
            if (cancellationToken.IsCancellationRequested)
                await connection.CloseAsync(_surroundings.Timing.CloseLimit, _surroundings.Time);
        }
        finally
        {
            lock (_gate)
                _connection = null;
        }

        return watch.WasSilent ? $"silence for {_surroundings.Timing.Watchdog.TotalSeconds:0.###} s" : "the connection ended";
    }

    private void Become(UplinkStatus status, string? error)
    {
        lock (_gate)
            _state = (status, error);
    }
}
