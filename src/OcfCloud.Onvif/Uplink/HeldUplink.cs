using System.Globalization;
using OcfCloud.Core.Devices;
using OcfCloud.Onvif.Cameras;

namespace OcfCloud.Onvif.Uplink;

/// <summary>An uplink that this node holds.</summary>
internal sealed class HeldUplink
{
    private readonly TaskCompletionSource<UplinkEnd> _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isWritten;

    public HeldUplink(Guid camera, UserId user, UplinkKind kind, UplinkStream stream, DateTimeOffset since)
    {
        (Camera, User, Kind, Stream, Since) = (camera, user, kind, stream, since);
        Host = Connection.ToString("N", CultureInfo.InvariantCulture);
        _ = stream.Released.ContinueWith(
            (released, state) => ((HeldUplink)state!)._over.TrySetResult(released.Result),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    public Guid Camera { get; }

    public UserId User { get; }

    public UplinkKind Kind { get; }

    public UplinkStream Stream { get; }

    public DateTimeOffset Since { get; }

    public Guid Connection { get; } = Guid.NewGuid();

    /// <summary>What the HTTP/2 client knows this connection by.</summary>
    public string Host { get; }

    /// <summary>Whether its row is in the store, as far as this node knows.</summary>
    public bool IsWritten
    {
        get => _isWritten;
        set => _isWritten = value;
    }

    /// <summary>Completes when it is not to be used any more.</summary>
    public Task<UplinkEnd> Over => _over.Task;

    public bool IsOver => _over.Task.IsCompleted;

    /// <summary>Completes when the connection is closed.</summary>
    public Task Gone => _gone.Task;

    /// <summary>Whether a connection at another node has its row. An uplink whose row was written is the older one then: the store has the newest.</summary>
    public bool IsReplacedBy(IEnumerable<CameraUplink> rows, Guid node) =>
        rows.Any(row => row.CameraId == Camera && row.Kind == Kind && row.Node != node && row.Connection != Connection);

    /// <summary>Has it closed; from here on nothing is sent by it.</summary>
    public void Close(UplinkEnd reason) => _over.TrySetResult(reason);

    /// <summary>The connection is closed.</summary>
    public void SetGone() => _gone.TrySetResult();
}
