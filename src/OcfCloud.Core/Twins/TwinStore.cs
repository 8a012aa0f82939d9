using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Twins;

/// <summary>Reads device twins (device-to-cloud.md, 10).</summary>
public sealed class TwinStore
{
    /// <summary>The resources of which the twin knows the representation whether they are published or not.</summary>
    public const string DeviceHref = "/oic/d", PlatformHref = "/oic/p";

    private readonly Store _store;

    internal TwinStore(Store store) => _store = store;

    /// <summary>The representation of one resource; null where nothing is known.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<TwinRepresentation?> FindAsync(DeviceId device, string href, CancellationToken cancellationToken) =>
        _store.ReadAsync(
            (context, token) => Select(context.Set<TwinRow>().Where(t => t.DeviceId == device && t.Href == href)).FirstOrDefaultAsync(token),
            cancellationToken);

    /// <summary>All representations known of a device, in order of href.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<TwinRepresentation>> OfDeviceAsync(DeviceId device, CancellationToken cancellationToken) =>
        await _store.ReadAsync(
            (context, token) => Select(context.Set<TwinRow>().Where(t => t.DeviceId == device).OrderBy(t => t.Href)).ToListAsync(token),
            cancellationToken);

    /// <summary>Whether the twin keeps a resource although the device has not published it.</summary>
    internal static bool IsAlwaysKept(string href) => href is DeviceHref or PlatformHref;

    internal static IQueryable<TwinRepresentation> Select(IQueryable<TwinRow> rows) =>
        rows.Select(t => new TwinRepresentation(t.DeviceId, t.Href, t.Representation, t.ContentFormat, t.ChangedAt));
}
