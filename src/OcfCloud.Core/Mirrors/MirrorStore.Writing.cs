using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Mirrors;

/// <summary>Writing, always in the caller's transaction (<see cref="Store.WriteAsync{T}"/>): what another cloud told is taken in together with the note that it was.
/// Each call locks the user's row first, and writes a hint where something changed.</summary>
public sealed partial class MirrorStore
{
    // Parameters of one query of SQLite.
    private const int IdsAtOnce = 500;

    // Of more at once everything of the user is looked at anew.
    private const int MaxHints = 16;

    /// <summary>What has to be written so that a cloud's devices of a user are what it told all at once. Read outside of any transaction: nobody else writes them while
    /// the linked account's lease is held.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<MirrorDifference> CompareAsync(UserId user, Guid linkedCloud, IReadOnlyList<MirroredContent> told, CancellationToken cancellationToken) => _store.ReadAsync(
        async (context, token) =>
        {
            var byDevice = new Dictionary<DeviceId, MirroredContent>(told.Count);
            foreach (var content in told) byDevice[content.Device] = content;
            var devices = await Rows(context, user, linkedCloud).ToDictionaryAsync(d => d.DeviceId, token);
            var links = (await context.Set<MirroredLinkRow>().Where(l => l.UserId == user && l.LinkedCloudId == linkedCloud).ToListAsync(token)).ToLookup(l => l.DeviceId);
            return new MirrorDifference(
                [.. byDevice.Values.Where(content => !SaysTheSame(devices.GetValueOrDefault(content.Device), links[content.Device], content))],
                [.. devices.Keys.Where(device => !byDevice.ContainsKey(device))]);
        },
        cancellationToken);

    /// <summary>Makes devices what a cloud told of them; of two of one id the later counts. Some hundred at once at most: nobody else writes on SQLite meanwhile.</summary>
    public async Task PutAsync(CloudDbContext context, UserId user, Guid linkedCloud, IReadOnlyList<MirroredContent> told, CancellationToken cancellationToken)
    {
        if ((await context.LockUserAsync(user, cancellationToken)).Erased) return;
        var byDevice = new Dictionary<DeviceId, MirroredContent>(told.Count);
        foreach (var content in told) byDevice[content.Device] = content;
        var changed = new List<DeviceId>();
        foreach (var some in byDevice.Values.Chunk(IdsAtOnce))
        {
            var ids = Array.ConvertAll(some, content => content.Device);
            var devices = await Rows(context, user, linkedCloud).Where(d => ids.Contains(d.DeviceId)).ToDictionaryAsync(d => d.DeviceId, cancellationToken);
            var links = (await context.Set<MirroredLinkRow>().Where(l => l.UserId == user && l.LinkedCloudId == linkedCloud && ids.Contains(l.DeviceId))
                .ToListAsync(cancellationToken)).ToLookup(l => l.DeviceId);
            foreach (var content in some)
            {
                var device = devices.GetValueOrDefault(content.Device);
                if (SaysTheSame(device, links[content.Device], content)) continue;
                Put(context, user, linkedCloud, content, device, links[content.Device]);
                changed.Add(content.Device);
            }
        }
        Changed(context, user, changed);
    }

    /// <summary>Takes devices away.</summary>
    public async Task RemoveAsync(CloudDbContext context, UserId user, Guid linkedCloud, IReadOnlyCollection<DeviceId> gone, CancellationToken cancellationToken)
    {
        await context.LockUserAsync(user, cancellationToken);
        var removed = new List<DeviceId>();
        foreach (var some in gone.Chunk(IdsAtOnce))
        {
            var rows = Rows(context, user, linkedCloud).Where(d => some.Contains(d.DeviceId));
            removed.AddRange(await rows.Select(d => d.DeviceId).ToListAsync(cancellationToken));
            await rows.ExecuteDeleteAsync(cancellationToken);
        }
        Changed(context, user, removed);
    }

    /// <summary>Takes all of a cloud's devices of a user away.</summary>
    public async Task RemoveAllAsync(CloudDbContext context, UserId user, Guid linkedCloud, CancellationToken cancellationToken)
    {
        await context.LockUserAsync(user, cancellationToken);
        if (await Rows(context, user, linkedCloud).ExecuteDeleteAsync(cancellationToken) > 0) Changed(context, user, device: null);
    }

    /// <summary>Says of devices whether they are online; those that are not mirrored are left out.</summary>
    public async Task SetOnlineAsync(
        CloudDbContext context, UserId user, Guid linkedCloud, IReadOnlyCollection<DeviceId> devices, bool online, CancellationToken cancellationToken)
    {
        await context.LockUserAsync(user, cancellationToken);
        var changed = new List<DeviceId>();
        foreach (var some in devices.Chunk(IdsAtOnce))
        {
            var rows = Rows(context, user, linkedCloud).Where(d => some.Contains(d.DeviceId) && d.Online != online);
            changed.AddRange(await rows.Select(d => d.DeviceId).ToListAsync(cancellationToken));
            await rows.ExecuteUpdateAsync(row => row.SetProperty(d => d.Online, online), cancellationToken);
        }
        Changed(context, user, changed);
    }

    /// <summary>Adds links to a mirrored device, or changes those of the same href.</summary>
    /// <param name="context">The context of the transaction.</param>
    /// <param name="user">The user.</param>
    /// <param name="linkedCloud">The cloud that tells.</param>
    /// <param name="device">The device.</param>
    /// <param name="links">The links.</param>
    /// <param name="maxLinks">How many links the device may have; new ones beyond are left out.</param>
    /// <param name="areAll">Whether these are all of the device's links: the others go, with the values that were told of them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False where the device is not mirrored.</returns>
    public async Task<bool> PublishAsync(
        CloudDbContext context, UserId user, Guid linkedCloud, DeviceId device, IReadOnlyList<ResourceLink> links, int maxLinks, bool areAll,
        CancellationToken cancellationToken)
    {
        await context.LockUserAsync(user, cancellationToken);
        if (await FindRowAsync(context, user, linkedCloud, device, cancellationToken) is null) return false;
        var rows = await LinkRows(context, user, linkedCloud, device).ToListAsync(cancellationToken);
        var known = rows.Select(row => row.Href).ToHashSet(StringComparer.Ordinal);
        if (areAll)
        {
            string[] gone = [.. known.Except(links.Select(link => link.Href.Value))];
            await ValueRows(context, user, linkedCloud, device).Where(v => gone.Contains(v.Href)).ExecuteDeleteAsync(cancellationToken);
            known.ExceptWith(gone);
        }
        links = [.. links.Where(link => known.Contains(link.Href.Value) || (known.Count < maxLinks && known.Add(link.Href.Value)))];
        if (PutLinks(context, user, linkedCloud, device, links, rows, removesOthers: areAll)) Changed(context, user, device);
        return true;
    }

    /// <summary>Takes links of a mirrored device away, with the values that were told of them.</summary>
    public async Task UnpublishAsync(
        CloudDbContext context, UserId user, Guid linkedCloud, DeviceId device, IReadOnlyCollection<string> hrefs, CancellationToken cancellationToken)
    {
        await context.LockUserAsync(user, cancellationToken);
        var removed = await LinkRows(context, user, linkedCloud, device).Where(l => hrefs.Contains(l.Href)).ExecuteDeleteAsync(cancellationToken);
        await ValueRows(context, user, linkedCloud, device).Where(v => hrefs.Contains(v.Href)).ExecuteDeleteAsync(cancellationToken);
        if (removed > 0) Changed(context, user, device);
    }

    /// <summary>Keeps the representation that was told of a resource; the same again is nothing new.</summary>
    /// <returns>False where the device is not mirrored.</returns>
    public async Task<bool> SetValueAsync(
        CloudDbContext context, UserId user, Guid linkedCloud, DeviceId device, string href, ReadOnlyMemory<byte> representation, int contentFormat,
        CancellationToken cancellationToken)
    {
        await context.LockUserAsync(user, cancellationToken);
        if (await FindRowAsync(context, user, linkedCloud, device, cancellationToken) is null) return false;
        var row = await ValueRows(context, user, linkedCloud, device).FirstOrDefaultAsync(v => v.Href == href, cancellationToken);
        if (row is null)
        {
            row = new MirroredValueRow { UserId = user, LinkedCloudId = linkedCloud, DeviceId = device, Href = href, Representation = [] };
            context.Add(row);
        }
        else if (row.ContentFormat == contentFormat && representation.Span.SequenceEqual(row.Representation)) return true;
        row.Representation = representation.ToArray();
        row.ContentFormat = contentFormat;
        // Of a row that was taken away and made again too: an observer tells by it that there is something new.
        row.Version = Math.Max(row.Version + 1, _time.GetUtcNow().UtcTicks);
        _outbox.Add(context, EventKind.MirroredValueChanged, user, device);
        return true;
    }

    /// <summary>Forgets the representation of a resource that is not observed any more.</summary>
    public static async Task RemoveValueAsync(CloudDbContext context, UserId user, Guid linkedCloud, DeviceId device, string href, CancellationToken cancellationToken) =>
        await ValueRows(context, user, linkedCloud, device).Where(v => v.Href == href).ExecuteDeleteAsync(cancellationToken);

    /// <summary>Has everything of a user looked at anew: the devices are the same, but whether they can be asked is not.</summary>
    public async Task TouchAsync(CloudDbContext context, UserId user, CancellationToken cancellationToken)
    {
        if (!(await context.LockUserAsync(user, cancellationToken)).Erased) Changed(context, user, device: null);
    }

    /// <summary>The ids of all devices that a cloud mirrors for a user, to ask what else there is of them.</summary>
    public static IQueryable<DeviceId> IdsOf(CloudDbContext context, UserId user, Guid linkedCloud) => Rows(context, user, linkedCloud).Select(d => d.DeviceId);

    private void Changed(CloudDbContext context, UserId user, DeviceId? device) => _outbox.Add(context, EventKind.MirrorChanged, user, device);

    private void Changed(CloudDbContext context, UserId user, List<DeviceId> devices)
    {
        if (devices.Count > MaxHints) Changed(context, user, device: null);
        else foreach (var device in devices) Changed(context, user, device);
    }

    private static bool SaysTheSame(MirroredDeviceRow? device, IEnumerable<MirroredLinkRow> links, MirroredContent told)
    {
        if (device is null || device.Name != told.Name || device.Online != told.Online || !device.Types.SequenceEqual(told.Types, StringComparer.Ordinal)) return false;
        var known = links.ToDictionary(row => row.Href, StringComparer.Ordinal);
        var hrefs = new Dictionary<string, ResourceLink>(StringComparer.Ordinal);
        foreach (var link in told.Links) hrefs[link.Href.Value] = link;
        return known.Count == hrefs.Count && hrefs.Values.All(link => known.TryGetValue(link.Href.Value, out var row) && row.ToLink().SaysTheSameAs(link));
    }

    private static void Put(
        CloudDbContext context, UserId user, Guid linkedCloud, MirroredContent told, MirroredDeviceRow? device, IEnumerable<MirroredLinkRow> links)
    {
        if (device is null)
        {
            device = new MirroredDeviceRow { UserId = user, LinkedCloudId = linkedCloud, DeviceId = told.Device, Name = told.Name, Types = [] };
            context.Add(device);
        }
        device.Name = told.Name;
        device.Types = [.. told.Types];
        device.Online = told.Online;
        PutLinks(context, user, linkedCloud, told.Device, told.Links, links, removesOthers: true);
    }

    private static bool PutLinks(
        CloudDbContext context, UserId user, Guid linkedCloud, DeviceId device, IReadOnlyList<ResourceLink> links, IEnumerable<MirroredLinkRow> rows, bool removesOthers)
    {
        var known = rows.ToDictionary(row => row.Href, StringComparer.Ordinal);
        var told = new Dictionary<string, ResourceLink>(StringComparer.Ordinal);
        foreach (var link in links) told[link.Href.Value] = link;
        var changed = false;
        foreach (var (href, link) in told)
        {
            if (!known.TryGetValue(href, out var row))
            {
                row = new MirroredLinkRow { UserId = user, LinkedCloudId = linkedCloud, DeviceId = device, Href = href, Rt = [], If = [] };
                row.Take(link);
                context.Add(row);
            }
            else if (!row.ToLink().SaysTheSameAs(link)) row.Take(link);
            else continue;
            changed = true;
        }
        if (!removesOthers) return changed;
        var gone = known.Values.Where(row => !told.ContainsKey(row.Href)).ToList();
        context.RemoveRange(gone);
        return changed || gone.Count > 0;
    }

    private static IQueryable<MirroredDeviceRow> Rows(CloudDbContext context, UserId user, Guid linkedCloud) =>
        context.Set<MirroredDeviceRow>().Where(d => d.UserId == user && d.LinkedCloudId == linkedCloud);

    private static Task<MirroredDeviceRow?> FindRowAsync(CloudDbContext context, UserId user, Guid linkedCloud, DeviceId device, CancellationToken cancellationToken) =>
        Rows(context, user, linkedCloud).FirstOrDefaultAsync(d => d.DeviceId == device, cancellationToken);

    private static IQueryable<MirroredLinkRow> LinkRows(CloudDbContext context, UserId user, Guid linkedCloud, DeviceId device) =>
        context.Set<MirroredLinkRow>().Where(l => l.UserId == user && l.LinkedCloudId == linkedCloud && l.DeviceId == device);

    private static IQueryable<MirroredValueRow> ValueRows(CloudDbContext context, UserId user, Guid linkedCloud, DeviceId device) =>
        context.Set<MirroredValueRow>().Where(v => v.UserId == user && v.LinkedCloudId == linkedCloud && v.DeviceId == device);
}
