using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.EventReceiver;

/// <summary>
/// Writes events into the inbox. Those that come while one transaction is being written share the next: a thousand new subscriptions send two thousand first events at
/// once, and each commit waits for the disk.
/// </summary>
internal sealed partial class InboxWriter(Store store, IOptions<CloudLinkingOptions> options, TimeProvider time, ILogger<InboxWriter> logger) : IDisposable
{
    private const int MostAtOnce = 64;

    private readonly ConcurrentQueue<Entry> _waiting = new();
    private readonly SemaphoreSlim _writing = new(1, 1);

    /// <summary>Keeps an event that was judged; returns when it is on the disk.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<ReceptionOutcome> KeepAsync(RemoteSubscription subscription, ReceivedEvent received, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var entry = new Entry(subscription.Id, subscription.AccountId, received, body);
        _waiting.Enqueue(entry);
        // Whoever comes to write does it for all that wait by then; who finds its own done has nothing to do.
        while (!entry.Done.Task.IsCompleted)
        {
            await _writing.WaitAsync(cancellationToken);
            try
            {
                if (!entry.Done.Task.IsCompleted) await WriteAsync();
            }
            finally
            {
                _writing.Release();
            }
        }
        return await entry.Done.Task;
    }

    /// <inheritdoc/>
    public void Dispose() => _writing.Dispose();

    private async Task WriteAsync()
    {
        var some = new List<Entry>(MostAtOnce);
        while (some.Count < MostAtOnce && _waiting.TryDequeue(out var entry)) some.Add(entry);
        try
        {
            // Not broken off by one sender that went away: the others wait for it too.
            var outcomes = await store.WriteAsync((context, token) => WriteAsync(context, some, token), CancellationToken.None);
            for (var i = 0; i < some.Count; i++) some[i].Done.SetResult(outcomes[i]);
        }
        catch (Exception e)
        {
            foreach (var entry in some) entry.Done.TrySetException(e);
        }
    }

    private async Task<ReceptionOutcome[]> WriteAsync(CloudDbContext context, List<Entry> entries, CancellationToken cancellationToken)
    {
        // Several nodes may write for one account.
        await AccountLock.TakeAsync(context, entries.Select(e => e.Account), cancellationToken);
        var ids = entries.Select(e => e.Subscription).Distinct().ToArray();
        var rows = await context.Set<RemoteSubscription>().Where(s => ids.Contains(s.Id)).ToDictionaryAsync(s => s.Id, cancellationToken);
        var waiting = await WaitingAsync(context, entries, cancellationToken);
        var now = time.GetUtcNow();
        var gaps = new HashSet<Guid>();
        var outcomes = entries.ConvertAll(entry => Keep(context, rows.GetValueOrDefault(entry.Subscription), entry, waiting, now, gaps));
        await context.SaveChangesAsync(cancellationToken);
        if (gaps.Count > 0)
        {
            Guid[] accounts = [.. gaps];
            await AccountInHand.FlagRetrievalAsync(context, accounts, cancellationToken);
            await context.Set<LinkedAccount>().Where(a => accounts.Contains(a.Id)).ExecuteUpdateAsync(row => row.SetProperty(a => a.DueAt, now), cancellationToken);
        }
        return [.. outcomes];
    }

    // Once for all that are written together.
    private static async Task<Dictionary<Guid, (int Count, long Bytes)>> WaitingAsync(CloudDbContext context, List<Entry> entries, CancellationToken cancellationToken)
    {
        Guid[] accounts = [.. entries.Select(e => e.Account).Distinct()];
        return await context.Set<InboxEvent>().Where(e => accounts.Contains(e.AccountId)).GroupBy(e => e.AccountId)
            .Select(of => new { of.Key, Count = of.Count(), Bytes = of.Sum(e => (long)e.Body.Length) })
            .ToDictionaryAsync(of => of.Key, of => (of.Count, of.Bytes), cancellationToken);
    }

    private ReceptionOutcome Keep(
        CloudDbContext context, RemoteSubscription? row, Entry entry, Dictionary<Guid, (int Count, long Bytes)> waiting, DateTimeOffset now, HashSet<Guid> gaps)
    {
        var received = entry.Received;
        if (row is null || row.State == RemoteSubscriptionState.Ending) return ReceptionOutcome.Gone;
        // Before its own answer came, the subscription's id is known only from here.
        if (row.SubscriptionId is { } known && known != received.SubscriptionId) return ReceptionOutcome.Gone;
        if (received.SequenceNumber < row.NextSequence) return ReceptionOutcome.Accepted;
        var (count, bytes) = waiting.GetValueOrDefault(row.AccountId);
        if (count >= options.Value.MaxInboxEvents || bytes >= options.Value.MaxInboxBytes) return ReceptionOutcome.Full;
        waiting[row.AccountId] = (count + 1, bytes + entry.Body.Length);
        if (received.SequenceNumber > row.NextSequence && gaps.Add(row.AccountId)) LogGap(row.AccountId, received.SequenceNumber);
        row.SubscriptionId = received.SubscriptionId;
        if (row.State == RemoteSubscriptionState.Making) (row.State, row.MadeAt) = (RemoteSubscriptionState.Live, now);
        row.NextSequence = received.SequenceNumber + 1;
        row.LastEventAt = now;
        context.Add(new InboxEvent
        {
            RemoteSubscriptionId = row.Id,
            SequenceNumber = received.SequenceNumber,
            AccountId = row.AccountId,
            EventType = received.EventType,
            ContentType = received.ContentType,
            Body = entry.Body.ToArray(),
            ReceivedAt = now,
        });
        return ReceptionOutcome.Accepted;
    }

    private sealed record Entry(Guid Subscription, Guid Account, ReceivedEvent Received, ReadOnlyMemory<byte> Body)
    {
        public TaskCompletionSource<ReceptionOutcome> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
