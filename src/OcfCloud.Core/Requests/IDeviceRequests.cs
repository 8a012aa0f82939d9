using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Requests;

/// <summary>Sends requests to devices wherever they are connected.</summary>
public interface IDeviceRequests
{
    /// <summary>Sends a request and waits for the device's whole answer. What passes is shown to the device's twin.</summary>
    /// <param name="request">What is asked, of whom, by whom.</param>
    /// <param name="cancellationToken">The asker is gone. The wait itself is bounded by settings.</param>
    /// <returns>The answer, or why there is none.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    Task<DeviceAnswer> SendAsync(DeviceRequest request, CancellationToken cancellationToken);
}
