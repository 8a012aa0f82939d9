using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using OcfCloud.Simulator.Cameras.Services;

namespace OcfCloud.Simulator.Cameras.Uplinks;

/// <summary>One connection of an uplink, as the web server sees it.</summary>
internal sealed class UplinkConnection : ConnectionContext
{
    private readonly Stream _stream;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Takes a stream that belongs to this object from now on.</summary>
    /// <param name="stream">What the remote client's HTTP/2 comes over.</param>
    /// <param name="camera">Who serves it.</param>
    /// <param name="userLevel">What the remote client may do.</param>
    /// <param name="isOwnCloud">It is the cloud that enrolled the camera.</param>
    public UplinkConnection(Stream stream, SimulatedCamera camera, string userLevel, bool isOwnCloud)
    {
        _stream = stream;
        Transport = new Duplex(PipeReader.Create(stream), PipeWriter.Create(stream));
        ConnectionClosed = _closed.Token;
        Features.Set(new CameraCaller(camera, userLevel, isOwnCloud, Abort));
    }

    /// <inheritdoc/>
    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

    /// <inheritdoc/>
    public override IFeatureCollection Features { get; } = new FeatureCollection();

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    /// <inheritdoc/>
    public override IDuplexPipe Transport { get; set; }

    /// <inheritdoc/>
    public override CancellationToken ConnectionClosed { get; set; }

    /// <summary>Ends with the connection.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Answers what is under way, says GOAWAY and ends; cut off where that takes too long.</summary>
    public async Task CloseAsync(TimeSpan limit, TimeProvider time)
    {
        Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        using var timeout = new CancellationTokenSource(limit, time);
        await Ended.WaitAsync(timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Abort();
    }

    /// <inheritdoc/>
    public override void Abort() => Abort(new ConnectionAbortedException());

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        _stream.Dispose();
        _ended.TrySetResult();
        _ = _closed.CancelAsync();
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _ended.TrySetResult();
        await _closed.CancelAsync();
        await base.DisposeAsync();
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
