using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Subscriptions;

/// <summary>Reads the oldest notifications of subscriptions that are being claimed, no more of each than a sender is to hold in memory.</summary>
internal static class ClaimedNotifications
{
    /// <summary>The oldest of each.</summary>
    public static async Task<ILookup<Guid, NotificationRow>> ReadFirstAsync(CloudDbContext context, List<Guid> ids, CancellationToken cancellationToken) =>
        (await ReadAsync(context, ids, 1, cancellationToken)).ToLookup(n => n.SubscriptionId);

    /// <summary>The oldest of each, in order of number.</summary>
    /// <param name="context">A context.</param>
    /// <param name="ids">The subscriptions.</param>
    /// <param name="most">How many of one.</param>
    /// <param name="maxBytes">How large those of one are together; the first is read whatever its size.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ILookup<Guid, NotificationRow>> ReadAsync(
        CloudDbContext context, List<Guid> ids, int most, long maxBytes, CancellationToken cancellationToken)
    {
        // Their sizes first: what is too much is not even read.
        var sizes = await Oldest(context, ids, most).Select(n => new { n.SubscriptionId, n.Body.Length }).ToListAsync(cancellationToken);
        var counts = sizes.GroupBy(n => n.SubscriptionId, n => n.Length).ToDictionary(g => g.Key, g => CountOf(g, most, maxBytes));
        var read = new List<NotificationRow>();
        // Most often one query: those that are not too large have the same count.
        foreach (var alike in counts.GroupBy(c => c.Value, c => c.Key)) read.AddRange(await ReadAsync(context, [.. alike], alike.Key, cancellationToken));
        return read.ToLookup(n => n.SubscriptionId);
    }

    private static int CountOf(IEnumerable<int> sizes, int most, long maxBytes)
    {
        var (count, bytes) = (0, 0L);
        foreach (var size in sizes)
        {
            bytes += size;
            if (bytes > maxBytes) return Math.Max(count, 1);
            count++;
        }
        return most;
    }

    private static Task<List<NotificationRow>> ReadAsync(CloudDbContext context, List<Guid> ids, int most, CancellationToken cancellationToken) =>
        Oldest(context, ids, most).ToListAsync(cancellationToken);

    private static IQueryable<NotificationRow> Oldest(CloudDbContext context, List<Guid> ids, int most) =>
        from delivery in context.Set<DeliveryRow>()
        join notification in context.Set<NotificationRow>().AsNoTracking() on delivery.SubscriptionId equals notification.SubscriptionId
        where ids.Contains(delivery.SubscriptionId) && notification.Number >= delivery.Oldest && notification.Number < delivery.Oldest + most
        orderby notification.Number
        select notification;
}
