using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Twins;

namespace OcfCloud.Core.Devices;

/// <summary>Reads devices with their resources, part by part: a list of any length costs the memory of one part.</summary>
public sealed class DeviceListing
{
    private readonly Store _store;
    private readonly TimeProvider _time;

    internal DeviceListing(Store store, TimeProvider time)
    {
        _store = store;
        _time = time;
    }

    /// <summary>The next devices of a user in order of id. Finding the place costs more than reading from it: a page is worth to be large.</summary>
    /// <param name="user">The user.</param>
    /// <param name="after">The last device of the page before; null: from the first.</param>
    /// <param name="most">Devices of a page, 1 or more; fewer come at the end alone.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<DeviceId>> PageAsync(UserId user, DeviceId? after, int most, CancellationToken cancellationToken) =>
        await _store.ReadAsync(
            (context, token) =>
            {
                var devices = context.Set<Device>().Where(d => d.UserId == user);
                if (after is { } last) devices = devices.Where(d => d.Id > last);
                return devices.OrderBy(d => d.Id).Take(most).Select(d => d.Id).ToListAsync(token);
            },
            cancellationToken);

    /// <summary>Some devices of a user in order of id, those without links included; what is not this user's (any more) is left out.</summary>
    /// <param name="user">The user.</param>
    /// <param name="devices">Which; a few, for of each everything may be read.</param>
    /// <param name="content">What of them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<IReadOnlyList<DeviceDetails>> ReadAsync(UserId user, IReadOnlyList<DeviceId> devices, DeviceContent content, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        return _store.ReadAsync((context, token) => ReadAsync(context, user, devices, content, now, token), cancellationToken);
    }

    /// <summary>One device; null where the user has none of this id.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<DeviceDetails?> FindAsync(UserId user, DeviceId device, DeviceContent content, CancellationToken cancellationToken) =>
        (await ReadAsync(user, [device], content, cancellationToken)).SingleOrDefault();

    private static async Task<IReadOnlyList<DeviceDetails>> ReadAsync(
        CloudDbContext context, UserId user, IReadOnlyList<DeviceId> wanted, DeviceContent content, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Only by what finds the rows at once: asked for the user (or, of links, for the time) too, SQLite goes through all of the user's devices instead.
        var found = await context.Set<Device>().Where(d => wanted.Contains(d.Id)).OrderBy(d => d.Id).Select(d => new { d.Id, d.UserId, d.Online }).ToListAsync(cancellationToken);
        var devices = found.FindAll(d => d.UserId == user);
        var ids = devices.ConvertAll(d => d.Id);
        var linkRows = context.Set<LinkRow>().Where(l => ids.Contains(l.DeviceId));
        if (content == DeviceContent.All) linkRows = linkRows.Where(l => l.Href == TwinStore.DeviceHref);
        var links = (await linkRows.ToListAsync(cancellationToken)).Where(l => l.ExpiresAt is null || l.ExpiresAt > now).OrderBy(l => l.Ins)
            .ToLookup(l => l.DeviceId, l => l.ToLink());

        var twinRows = context.Set<TwinRow>().Where(t => ids.Contains(t.DeviceId));
        if (content == DeviceContent.Base) twinRows = twinRows.Where(t => t.Href == TwinStore.DeviceHref || t.Href == TwinStore.PlatformHref);
        // The databases order texts by rules of their own.
        var twins = (await TwinStore.Select(twinRows).ToListAsync(cancellationToken)).OrderBy(t => t.Href, StringComparer.Ordinal).ToLookup(t => t.DeviceId);
        return devices.ConvertAll(d => new DeviceDetails(d.Id, d.Online, [.. links[d.Id]], [.. twins[d.Id]]));
    }
}
