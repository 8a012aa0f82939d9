using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Twins;

/// <summary>Reads device twins (device-to-cloud.md, 10).</summary>
public sealed class TwinStore
{
    /// <summary>The representation of one resource; null where nothing is known.</summary>
    /// <exception cref="Storage.StoreUnavailableException">The store does not answer.</exception>
    public Task<TwinRepresentation?> FindAsync(DeviceId device, string href, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>All representations known of a device, in order of href.</summary>
    /// <exception cref="Storage.StoreUnavailableException">The store does not answer.</exception>
    public Task<IReadOnlyList<TwinRepresentation>> OfDeviceAsync(DeviceId device, CancellationToken cancellationToken) => throw new NotSupportedException();
}
