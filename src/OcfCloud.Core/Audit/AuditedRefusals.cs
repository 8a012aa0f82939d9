using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Audit;

/// <summary>
/// Brings refused access into the audit record without anybody waiting for it. A flood cannot fill the table:
/// <code>
///   refusal ─► alike within the window? ─ yes ─► counted ─────────────► the entry's count, when the window ends
///                     └─ no ─► room for another? ─ yes ─► an entry ──► written soon
///                                   └─ no ─► counted in the kind's entry of all the rest
/// </code>
/// </summary>
public sealed partial class AuditedRefusals : BackgroundService
{
    private const string Rest = "many";

    private static readonly TimeSpan BatchPeriod = TimeSpan.FromSeconds(1);

    private readonly Store _store;
    private readonly AuditActors _actors;
    private readonly AuditOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditedRefusals> _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<RefusalKey, RefusalWindow> _windows = [];
    private readonly Dictionary<string, int> _open = [];

    internal AuditedRefusals(Store store, AuditActors actors, AuditOptions options, TimeProvider time, ILogger<AuditedRefusals> logger)
    {
        _store = store;
        _actors = actors;
        _options = options;
        _time = time;
        _logger = logger;
    }

    /// <summary>Records a refusal; never waits.</summary>
    /// <param name="kind">One of <see cref="AuditKind.Refusals"/>.</param>
    /// <param name="subject">What was asked for.</param>
    /// <param name="user">Whose it is, where it is a user's.</param>
    /// <param name="detail">What else there is to say; of refusals that are alike the first one's is kept.</param>
    /// <param name="actor">Who was refused; null: whoever acts in this flow of calls.</param>
    public void Record(string kind, string subject, UserId? user, string? detail = null, AuditActor? actor = null)
    {
        var now = _time.GetUtcNow();
        var key = new RefusalKey(kind, (actor ?? _actors.Current).Text, subject);
        lock (_gate)
        {
            if (!_windows.TryGetValue(key, out var window))
            {
                var open = _open.GetValueOrDefault(kind);
                if (open >= _options.MaxRefusalsPerWindow) (key, user, detail) = (new RefusalKey(kind, Rest, Rest), null, "more than are recorded one by one");
                if (!_windows.TryGetValue(key, out window))
                {
                    _windows.Add(key, window = new RefusalWindow(now, user, detail));
                    if (key.Actor != Rest) _open[kind] = open + 1;
                }
            }
            window.Times++;
            window.LastAt = now;
        }
    }

    /// <summary>Writes what is new, and the counts of windows that ended.</summary>
    /// <param name="ending">Whether every window ends now: the process stops.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async Task FlushAsync(bool ending, CancellationToken cancellationToken)
    {
        var due = Due(ending);
        if (due.Count > 0)
        {
            var rows = await _store.WriteAsync((context, token) => WriteAsync(context, due, token), cancellationToken);
            lock (_gate)
            {
                for (var i = 0; i < due.Count; i++)
                {
                    due[i].Window.Row ??= rows[i]?.Id;
                    due[i].Window.Stored = due[i].Times;
                }
            }
        }
        Close(ending);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BatchPeriod, _time);
        while (await NextAsync(timer, stoppingToken)) await TryFlushAsync(ending: false, stoppingToken);
        await TryFlushAsync(ending: true, CancellationToken.None);
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task TryFlushAsync(bool ending, CancellationToken cancellationToken)
    {
        try
        {
            await FlushAsync(ending, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotWritten(e);
        }
        catch (OperationCanceledException)
        {
            // The last flush follows.
        }
    }

    private List<(RefusalKey Key, RefusalWindow Window, int Times, DateTimeOffset LastAt)> Due(bool ending)
    {
        lock (_gate)
        {
            return [.. _windows.Where(one => one.Value.Row is null || (one.Value.Times > one.Value.Stored && (ending || HasEnded(one.Value))))
                .Select(one => (one.Key, one.Value, one.Value.Times, one.Value.LastAt))];
        }
    }

    private void Close(bool ending)
    {
        lock (_gate)
        {
            foreach (var (key, window) in _windows.ToList())
            {
                if (window.Times > window.Stored || !(ending || HasEnded(window))) continue;
                _windows.Remove(key);
                if (key.Actor != Rest) _open[key.Kind]--;
            }
        }
    }

    private bool HasEnded(RefusalWindow window) => _time.GetUtcNow() - window.Opened >= _options.RefusalWindow;

    private static async Task<AuditEntryRow?[]> WriteAsync(
        CloudDbContext context, List<(RefusalKey Key, RefusalWindow Window, int Times, DateTimeOffset LastAt)> due, CancellationToken cancellationToken)
    {
        var rows = new AuditEntryRow?[due.Count];
        for (var i = 0; i < due.Count; i++)
        {
            var (key, window, times, lastAt) = due[i];
            if (window.Row is { } id)
            {
                await context.Set<AuditEntryRow>().Where(row => row.Id == id)
                    .ExecuteUpdateAsync(row => row.SetProperty(one => one.Times, times).SetProperty(one => one.LastAt, lastAt), cancellationToken);
                continue;
            }
            rows[i] = AuditTrail.Row(window.Opened, key.Kind, new AuditActor(key.Actor), key.Subject, window.User, window.Detail, times, lastAt);
            context.Add(rows[i]!);
        }
        return rows;
    }
}
