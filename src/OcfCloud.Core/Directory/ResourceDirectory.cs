using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Directory;

/// <summary>The links that devices have published (device-to-cloud.md, 6 and 7).</summary>
public sealed class ResourceDirectory
{
    private readonly Store _store;
    private readonly LinkRemoval _removal;
    private readonly Outbox _outbox;
    private readonly DirectoryOptions _options;
    private readonly TimeProvider _time;

    internal ResourceDirectory(Store store, LinkRemoval removal, Outbox outbox, DirectoryOptions options, TimeProvider time)
    {
        _store = store;
        _removal = removal;
        _outbox = outbox;
        _options = options;
        _time = time;
    }

    /// <summary>Adds or renews links by their href; all or none are stored.</summary>
    /// <param name="device">The device.</param>
    /// <param name="user">Its user.</param>
    /// <param name="links">One or more links; of two with one href the later counts.</param>
    /// <param name="ttl">After that long they leave the directory unless published again; null = never.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The links with their numbers, or why not.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<PublishOutcome> PublishAsync(
        DeviceId device, UserId user, IReadOnlyList<ResourceLink> links, TimeSpan? ttl, CancellationToken cancellationToken)
    {
        var byHref = new OrderedDictionary<string, ResourceLink>(StringComparer.Ordinal);
        foreach (var link in links) byHref[link.Href.Value] = link;
        return _store.WriteAsync((context, token) => PublishAsync(context, device, user, byHref, ttl, token), cancellationToken);
    }

    /// <summary>Removes links.</summary>
    /// <param name="device">The device.</param>
    /// <param name="user">Its user.</param>
    /// <param name="ins">Their numbers; empty = all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many were removed; 0 where nothing matched.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<int> UnpublishAsync(DeviceId device, UserId user, IReadOnlyCollection<long> ins, CancellationToken cancellationToken)
    {
        var wanted = ins.Where(i => i is > 0 and <= int.MaxValue).Select(i => (int)i).ToHashSet();
        return _store.WriteAsync(
            async (context, token) =>
            {
                var locked = await context.LockDeviceAsync(device, token);
                if (locked is null || locked.UserId != user) return 0;
                var now = _time.GetUtcNow();
                var rows = await context.Set<LinkRow>().Where(l => l.DeviceId == device && (l.ExpiresAt == null || l.ExpiresAt > now)).ToListAsync(token);
                if (ins.Count > 0) rows.RemoveAll(l => !wanted.Contains(l.Ins));
                await _removal.RemoveAsync(context, locked, rows, token);
                return rows.Count;
            },
            cancellationToken);
    }

    /// <summary>Finds links of all devices of a user, in order of device and number.</summary>
    /// <param name="user">The user.</param>
    /// <param name="query">Filters.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<IReadOnlyList<PublishedLink>> DiscoverAsync(UserId user, DiscoveryQuery query, CancellationToken cancellationToken)
    {
        var devices = query.Di;
        return ReadAsync(links => links.Where(l => l.UserId == user && (devices.Count == 0 || devices.Contains(l.DeviceId))), query, cancellationToken);
    }

    /// <summary>All links of a device, in order of number.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<IReadOnlyList<PublishedLink>> OfDeviceAsync(DeviceId device, CancellationToken cancellationToken) =>
        ReadAsync(links => links.Where(l => l.DeviceId == device), DiscoveryQuery.All, cancellationToken);

    /// <summary>Whether a device has published a resource.</summary>
    /// <param name="device">The device.</param>
    /// <param name="href">The path, exactly as it was published.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> IsPublishedAsync(DeviceId device, string href, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        return _store.ReadAsync(
            (context, token) => context.Set<LinkRow>().AnyAsync(l => l.DeviceId == device && l.Href == href && (l.ExpiresAt == null || l.ExpiresAt > now), token),
            cancellationToken);
    }

    private async Task<IReadOnlyList<PublishedLink>> ReadAsync(
        Func<IQueryable<LinkRow>, IQueryable<LinkRow>> where, DiscoveryQuery query, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var rows = await _store.ReadAsync(
            (context, token) => where(context.Set<LinkRow>())
                .Where(l => l.ExpiresAt == null || l.ExpiresAt > now)
                .OrderBy(l => l.DeviceId).ThenBy(l => l.Ins)
                .ToListAsync(token),
            cancellationToken);
        return [.. rows.Select(row => new PublishedLink(row.DeviceId, row.Ins, row.ToLink())).Where(link => query.Matches(link.Link))];
    }

    private async Task<PublishOutcome> PublishAsync(
        CloudDbContext context, DeviceId id, UserId user, OrderedDictionary<string, ResourceLink> links, TimeSpan? ttl, CancellationToken cancellationToken)
    {
        var device = await context.LockDeviceAsync(id, cancellationToken);
        if (device is null || device.UserId != user) return new PublishOutcome(PublishRefusal.UnknownDevice, []);

        var now = _time.GetUtcNow();
        var rows = await context.Set<LinkRow>().Where(l => l.DeviceId == id).ToListAsync(cancellationToken);
        await _removal.RemoveAsync(context, device, rows.FindAll(l => l.ExpiresAt <= now), cancellationToken);
        var published = rows.Where(l => l.ExpiresAt is null || l.ExpiresAt > now).ToDictionary(l => l.Href, StringComparer.Ordinal);
        if (published.Count + links.Keys.Count(href => !published.ContainsKey(href)) > _options.MaxLinksPerDevice)
            return new PublishOutcome(PublishRefusal.TooManyLinks, []);

        var taken = rows.Select(l => l.Ins).ToHashSet();
        var changed = new List<LinkRow>();
        var answer = new List<PublishedLink>(links.Count);
        foreach (var (href, link) in links)
        {
            if (!published.TryGetValue(href, out var row))
            {
                row = new LinkRow { DeviceId = id, UserId = user, Ins = NextIns(device, taken), Href = href, Rt = [], If = [] };
                row.Take(link);
                context.Add(row);
                changed.Add(row);
            }
            else if (!row.ToLink().SaysTheSameAs(link))
            {
                row.Take(link);
                changed.Add(row);
            }
            // Beyond the calendar is never.
            row.ExpiresAt = ttl < DateTimeOffset.MaxValue - now ? now + ttl : null;
            answer.Add(new PublishedLink(id, row.Ins, link));
        }
        if (changed.Count > 0) _outbox.Add(context, EventKind.ResourcesPublished, user, id, payload: LinkEventPayload.Encode(changed));
        return new PublishOutcome(PublishRefusal.None, answer);
    }

    // Rising, so that a number is not given to another href soon after; starts over past 2³¹ - 1.
    private static int NextIns(Device device, HashSet<int> taken)
    {
        do device.LastIns = device.LastIns == int.MaxValue ? 1 : device.LastIns + 1;
        while (!taken.Add(device.LastIns));
        return device.LastIns;
    }
}
