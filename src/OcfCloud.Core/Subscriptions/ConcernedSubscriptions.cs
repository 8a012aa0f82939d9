using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Subscriptions;

/// <summary>The subscriptions that a batch of events may concern, locked, by one query; most batches concern none.</summary>
internal sealed class ConcernedSubscriptions
{
    private static readonly ConcernedSubscriptions None = new([]);

    private readonly Dictionary<Guid, SubscriptionRow> _all;
    private readonly ILookup<UserId, SubscriptionRow> _ofUsers;
    private readonly ILookup<DeviceId, SubscriptionRow> _ofDevices;
    private readonly ILookup<DeviceId, SubscriptionRow> _ofResources;

    private ConcernedSubscriptions(List<SubscriptionRow> rows)
    {
        _all = rows.ToDictionary(s => s.Id);
        _ofUsers = rows.Where(s => s.Level == SubscriptionLevel.Devices).ToLookup(s => s.UserId);
        _ofDevices = rows.Where(s => s.Level == SubscriptionLevel.Device).ToLookup(s => s.DeviceId!.Value);
        _ofResources = rows.Where(s => s.Level == SubscriptionLevel.Resource).ToLookup(s => s.DeviceId!.Value);
    }

    public bool IsEmpty => _all.Count == 0;

    public static async Task<ConcernedSubscriptions> LoadAsync(CloudDbContext context, IReadOnlyList<TakenEvent> events, CancellationToken cancellationToken)
    {
        var ids = events.Select(e => e.SubscriptionId).OfType<Guid>().Distinct().ToArray();
        var users = events.Where(e => IsOfDevices(e.Kind)).Select(e => e.UserId).Distinct().ToArray();
        var devices = DevicesOf(events, kind => kind is EventKind.ResourcesPublished || EndsResources(kind));
        var ended = DevicesOf(events, EndsResources);
        var changed = DevicesOf(events, kind => kind == EventKind.ResourceContentChanged);
        if (ids.Length + users.Length + devices.Length + changed.Length == 0) return None;
        var hrefs = events.Select(e => e.Href).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        var rows = context.LocksRows
            ? context.Set<SubscriptionRow>().FromSqlRaw(
                """
                SELECT * FROM subscriptions
                WHERE "Id" = ANY({0})
                   OR ("UserId" = ANY({1}) AND "Level" = 1 AND "Phase" <= 2)
                   OR ("DeviceId" = ANY({2}) AND "Level" = 2 AND "Phase" <= 2)
                   OR ("DeviceId" = ANY({3}) AND "Level" = 3 AND "Phase" <= 2)
                   OR ("DeviceId" = ANY({4}) AND "Level" = 3 AND "Href" = ANY({5}) AND "Phase" <= 2)
                ORDER BY "Id" FOR UPDATE
                """,
                ids, Values(users), Values(devices), Values(ended), Values(changed), hrefs)
            : context.Set<SubscriptionRow>().Where(s => ids.Contains(s.Id)
                || (s.Phase <= SubscriptionPhase.Live
                    && ((s.Level == SubscriptionLevel.Devices && users.Contains(s.UserId))
                        || (s.Level == SubscriptionLevel.Device && devices.Contains(s.DeviceId!.Value))
                        || (s.Level == SubscriptionLevel.Resource && ended.Contains(s.DeviceId!.Value))
                        || (s.Level == SubscriptionLevel.Resource && changed.Contains(s.DeviceId!.Value) && hrefs.Contains(s.Href)))));
        var found = await rows.ToListAsync(cancellationToken);
        return found.Count == 0 ? None : new ConcernedSubscriptions(found);
    }

    /// <summary>The subscription that an event names; null where it is gone.</summary>
    public SubscriptionRow? Named(TakenEvent e) => e.SubscriptionId is { } id ? _all.GetValueOrDefault(id) : null;

    /// <summary>Those of the level of an event.</summary>
    public IEnumerable<SubscriptionRow> HearersOf(TakenEvent e) => e switch
    {
        { Kind: var kind } when IsOfDevices(kind) => _ofUsers[e.UserId],
        { Kind: EventKind.ResourcesPublished or EventKind.ResourcesUnpublished, DeviceId: { } device } => _ofDevices[device],
        { Kind: EventKind.ResourceContentChanged, DeviceId: { } device } => _ofResources[device].Where(s => s.Href == e.Href),
        _ => [],
    };

    public IEnumerable<SubscriptionRow> OfDevice(DeviceId device) => _ofDevices[device];

    public IEnumerable<SubscriptionRow> OfResources(DeviceId device) => _ofResources[device];

    private static bool IsOfDevices(EventKind kind) =>
        kind is EventKind.DeviceRegistered or EventKind.DeviceUnregistered or EventKind.DeviceOnline or EventKind.DeviceOffline;

    private static bool EndsResources(EventKind kind) => kind is EventKind.ResourcesUnpublished or EventKind.DeviceUnregistered;

    private static DeviceId[] DevicesOf(IReadOnlyList<TakenEvent> events, Func<EventKind, bool> where) =>
        [.. events.Where(e => where(e.Kind)).Select(e => e.DeviceId).OfType<DeviceId>().Distinct()];

    private static Guid[] Values(DeviceId[] ids) => Array.ConvertAll(ids, id => id.Value);

    private static Guid[] Values(UserId[] ids) => Array.ConvertAll(ids, id => id.Value);
}
