namespace OcfCloud.Onvif.Uplink;

/// <summary>The uplinks that this node holds: the one way to a camera.</summary>
public interface ICameraConnections
{
    /// <summary>Whether the camera has an uplink at this node.</summary>
    bool IsConnected(Guid camera);

    /// <summary>Is called with a camera's id when its uplink is there and its identity was looked at; the call must be quick and must not throw.</summary>
    /// <param name="connected">What is called.</param>
    /// <returns>Ends that when disposed.</returns>
    IDisposable Subscribe(Action<Guid> connected);

    /// <summary>Sends an HTTP/2 request to the camera by one of its uplinks: the newest that stands.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="request">Its URI is a path: scheme and authority are the connection's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CameraOfflineException">There is no uplink at this node, or it ended before the answer.</exception>
    Task<HttpResponseMessage> SendAsync(Guid camera, HttpRequestMessage request, CancellationToken cancellationToken);

    /// <summary>Closes all uplinks of a camera at this node (GOAWAY, then the connection).</summary>
    Task CloseAsync(Guid camera);
}
