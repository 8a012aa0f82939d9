using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Twins;

namespace OcfCloud.Core.Devices;

/// <summary>Reads devices with their resources, page by page: a list of any length costs the memory of one page.</summary>
public sealed class DeviceListing
{
    private readonly Store _store;
    private readonly TimeProvider _time;

    internal DeviceListing(Store store, TimeProvider time)
    {
        _store = store;
        _time = time;
    }

    /// <summary>The next devices of a user in order of id, those without links included.</summary>
    /// <param name="user">The user.</param>
    /// <param name="after">The last device of the page before; null: from the first.</param>
    /// <param name="most">Devices of a page, 1 or more; fewer come at the end alone.</param>
    /// <param name="content">What of them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<IReadOnlyList<DeviceDetails>> PageAsync(UserId user, DeviceId? after, int most, DeviceContent content, CancellationToken cancellationToken) =>
        ReadAsync(
            devices =>
            {
                var ofUser = devices.Where(d => d.UserId == user);
                if (after is { } last) ofUser = ofUser.Where(d => d.Id > last);
                return ofUser.OrderBy(d => d.Id).Take(most);
            },
            content,
            cancellationToken);

    /// <summary>One device; null where the user has none of this id.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<DeviceDetails?> FindAsync(UserId user, DeviceId device, DeviceContent content, CancellationToken cancellationToken) =>
        (await ReadAsync(devices => devices.Where(d => d.Id == device && d.UserId == user), content, cancellationToken)).SingleOrDefault();

    private Task<IReadOnlyList<DeviceDetails>> ReadAsync(
        Func<IQueryable<Device>, IQueryable<Device>> which, DeviceContent content, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        return _store.ReadAsync((context, token) => ReadAsync(context, which, content, now, token), cancellationToken);
    }

    private static async Task<IReadOnlyList<DeviceDetails>> ReadAsync(
        CloudDbContext context, Func<IQueryable<Device>, IQueryable<Device>> which, DeviceContent content, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var devices = await which(context.Set<Device>()).Select(d => new { d.Id, d.Online }).ToListAsync(cancellationToken);
        var ids = devices.ConvertAll(d => d.Id);
        var linkRows = context.Set<LinkRow>().Where(l => ids.Contains(l.DeviceId) && (l.ExpiresAt == null || l.ExpiresAt > now));
        if (content == DeviceContent.All) linkRows = linkRows.Where(l => l.Href == TwinStore.DeviceHref);
        var links = (await linkRows.OrderBy(l => l.Ins).ToListAsync(cancellationToken)).ToLookup(l => l.DeviceId, l => l.ToLink());

        var twinRows = context.Set<TwinRow>().Where(t => ids.Contains(t.DeviceId));
        if (content == DeviceContent.Base) twinRows = twinRows.Where(t => t.Href == TwinStore.DeviceHref || t.Href == TwinStore.PlatformHref);
        // The databases order texts by rules of their own.
        var twins = (await TwinStore.Select(twinRows).ToListAsync(cancellationToken)).OrderBy(t => t.Href, StringComparer.Ordinal).ToLookup(t => t.DeviceId);
        return devices.ConvertAll(d => new DeviceDetails(d.Id, d.Online, [.. links[d.Id]], [.. twins[d.Id]]));
    }
}
