using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Mirrors;

/// <summary>
/// The devices of other clouds that stand beside a user's own. Whoever reads sees each device once: one that is registered here for the user is not mirrored, and of
/// several clouds that tell of a device the first (by its id) counts.
/// </summary>
public sealed partial class MirrorStore
{
    private readonly Store _store;
    private readonly Outbox _outbox;
    private readonly TimeProvider _time;

    internal MirrorStore(Store store, Outbox outbox, TimeProvider time)
    {
        _store = store;
        _outbox = outbox;
        _time = time;
    }

    /// <summary>A mirrored device of a user; null where there is none, or the device is registered here for the user.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<MirroredDevice?> FindAsync(UserId user, DeviceId device, CancellationToken cancellationToken) => _store.ReadAsync(
        async (context, token) =>
        {
            var rows = await Seen(context, user).Where(d => d.DeviceId == device).ToListAsync(token);
            return rows.MinBy(d => d.LinkedCloudId)?.ToDevice();
        },
        cancellationToken);

    /// <summary>All mirrored devices of a user in order of id.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<IReadOnlyList<MirroredDevice>> ListAsync(UserId user, CancellationToken cancellationToken) => _store.ReadAsync<IReadOnlyList<MirroredDevice>>(
        async (context, token) => Once(await Seen(context, user).ToListAsync(token)).ConvertAll(d => d.ToDevice()), cancellationToken);

    /// <summary>Whether any cloud mirrors a device for a user, those included that are registered here too.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> AnyAsync(UserId user, CancellationToken cancellationToken) =>
        _store.ReadAsync((context, token) => context.Set<MirroredDeviceRow>().AnyAsync(d => d.UserId == user, token), cancellationToken);

    /// <summary>How many devices a cloud mirrors for a user, those included that are registered here too.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<int> CountAsync(UserId user, Guid linkedCloud, CancellationToken cancellationToken) => _store.ReadAsync(
        (context, token) => context.Set<MirroredDeviceRow>().CountAsync(d => d.UserId == user && d.LinkedCloudId == linkedCloud, token), cancellationToken);

    /// <summary>The links of a user's mirrored devices, in order of device and href; <see cref="PublishedLink.Ins"/> is the place on its device.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<IReadOnlyList<PublishedLink>> DiscoverAsync(UserId user, DiscoveryQuery query, CancellationToken cancellationToken) => _store.ReadAsync<IReadOnlyList<PublishedLink>>(
        async (context, token) =>
        {
            var wanted = query.Di;
            var devices = Seen(context, user);
            if (wanted.Count > 0) devices = devices.Where(d => wanted.Contains(d.DeviceId));
            var seen = Once(await devices.ToListAsync(token));
            // Nearly everybody: no second question.
            if (seen.Count == 0) return [];
            var clouds = seen.ToDictionary(d => d.DeviceId, d => d.LinkedCloudId);
            var links = context.Set<MirroredLinkRow>().AsNoTracking().Where(l => l.UserId == user);
            if (wanted.Count > 0) links = links.Where(l => wanted.Contains(l.DeviceId));
            var rows = (await links.ToListAsync(token)).Where(l => clouds.TryGetValue(l.DeviceId, out var cloud) && cloud == l.LinkedCloudId);
            return [.. rows.GroupBy(l => l.DeviceId).OrderBy(links => links.Key).SelectMany(Numbered).Where(link => query.Matches(link.Link))];
        },
        cancellationToken);

    /// <summary>The links of one mirrored device, in order of href.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<IReadOnlyList<ResourceLink>> LinksOfAsync(MirroredDevice device, CancellationToken cancellationToken) => _store.ReadAsync<IReadOnlyList<ResourceLink>>(
        async (context, token) => (await context.Set<MirroredLinkRow>()
                .Where(l => l.UserId == device.User && l.LinkedCloudId == device.LinkedCloud && l.DeviceId == device.Device).ToListAsync(token))
            .OrderBy(l => l.Href, StringComparer.Ordinal).Select(l => l.ToLink()).ToList(),
        cancellationToken);

    /// <summary>The last representation that was told of a resource; null where none was.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<MirroredValue?> ValueOfAsync(MirroredDevice device, string href, CancellationToken cancellationToken) => _store.ReadAsync(
        (context, token) => context.Set<MirroredValueRow>()
            .Where(v => v.UserId == device.User && v.LinkedCloudId == device.LinkedCloud && v.DeviceId == device.Device && v.Href == href)
            .Select(v => new MirroredValue(v.Representation, v.ContentFormat, v.Version)).FirstOrDefaultAsync(token),
        cancellationToken);

    private static IQueryable<MirroredDeviceRow> Seen(CloudDbContext context, UserId user) => context.Set<MirroredDeviceRow>().AsNoTracking()
        .Where(d => d.UserId == user && !context.Set<Device>().Any(own => own.Id == d.DeviceId && own.UserId == user));

    private static List<MirroredDeviceRow> Once(List<MirroredDeviceRow> rows) =>
        [.. rows.GroupBy(d => d.DeviceId).Select(of => of.MinBy(d => d.LinkedCloudId)!).OrderBy(d => d.DeviceId)];

    private static IEnumerable<PublishedLink> Numbered(IGrouping<DeviceId, MirroredLinkRow> links) =>
        links.OrderBy(l => l.Href, StringComparer.Ordinal).Select((link, at) => new PublishedLink(links.Key, at + 1, link.ToLink()));
}
