using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.AccessRules;

/// <summary>The record of what access rules refused (device-to-cloud.md, 8).</summary>
public sealed partial class AccessRefusals : BackgroundService
{
    /// <summary>Refusals that are kept a user; older ones are forgotten.</summary>
    public const int KeptPerUser = 100;

    private const int MaxWaiting = 1000;

    private static readonly TimeSpan BatchPeriod = TimeSpan.FromSeconds(1);

    private readonly Store _store;
    private readonly AuditedRefusals _audited;
    private readonly TimeProvider _time;
    private readonly ILogger<AccessRefusals> _logger;
    private readonly Channel<AccessRefusalRow> _waiting =
        Channel.CreateBounded<AccessRefusalRow>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private long _left;

    internal AccessRefusals(Store store, AuditedRefusals audited, TimeProvider time, ILogger<AccessRefusals> logger)
    {
        _store = store;
        _audited = audited;
        _time = time;
        _logger = logger;
    }

    /// <summary>Records a refusal: soon in the store, and in the log with others of its second. Never waits; of a flood the log has the number alone.</summary>
    public void Record(UserId user, AccessSubject subject, DeviceId device, string href, AccessOperations operations)
    {
        var shown = Shown(href);
        var actor = subject.Client is { } client ? AuditActor.OfClient(client) : AuditActor.OfDevice(subject.Device);
        _audited.Record(AuditKind.AccessRefused, $"device:{device}", user, $"{operations} {shown}", actor);
        var isTaken = _waiting.Writer.TryWrite(new AccessRefusalRow
        {
            UserId = user,
            At = _time.GetUtcNow(),
            Subject = subject.ToString(),
            DeviceId = device,
            Href = shown,
            Operations = operations,
        });
        if (!isTaken) Interlocked.Increment(ref _left);
    }

    /// <summary>A user's refusals, newest first.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<AccessRefusal>> ListAsync(UserId user, CancellationToken cancellationToken) =>
        await _store.ReadAsync(
            (context, token) => context.Set<AccessRefusalRow>().Where(r => r.UserId == user).OrderByDescending(r => r.Id).Take(KeptPerUser)
                .Select(r => new AccessRefusal(r.At, r.Subject, r.DeviceId, r.Href, r.Operations)).ToListAsync(token),
            cancellationToken);

    /// <summary>Writes what waits.</summary>
    internal async Task FlushAsync(CancellationToken cancellationToken)
    {
        foreach (var ofUser in Take())
        {
            var kept = ofUser.TakeLast(KeptPerUser).ToList();
            await _store.WriteAsync((context, token) => WriteAsync(context, ofUser.Key, kept, token), cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                await Task.Delay(BatchPeriod, _time, stoppingToken);
                try
                {
                    await FlushAsync(stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    // They are in the log.
                    LogNotWritten(e);
                }
            }
        }
        finally
        {
            // The last second's are in the log too.
            Take();
        }
    }

    // Who is refused a thousand times a second must not fill the log with it: a line a user.
    private List<IGrouping<UserId, AccessRefusalRow>> Take()
    {
        var rows = new List<AccessRefusalRow>();
        while (rows.Count < MaxWaiting && _waiting.Reader.TryRead(out var row)) rows.Add(row);
        var ofUsers = rows.GroupBy(r => r.UserId).ToList();
        foreach (var ofUser in ofUsers)
        {
            var last = ofUser.Last();
            LogRefused(ofUser.Key, ofUser.Count(), last.Subject, last.Operations, last.DeviceId, last.Href);
        }

        if (Interlocked.Exchange(ref _left, 0) is > 0 and var left) LogLeft(left);
        return ofUsers;
    }

    // A path is the asker's text: what no log and no PostgreSQL text takes is not in it any more.
    private static string Shown(string href) =>
        string.Create(Math.Min(href.Length, ResourceHref.MaxLength), href, static (shown, path) =>
        {
            for (var i = 0; i < shown.Length; i++) shown[i] = char.IsControl(path[i]) || char.IsSurrogate(path[i]) ? '\uFFFD' : path[i];
        });

    private static async Task WriteAsync(CloudDbContext context, UserId user, List<AccessRefusalRow> rows, CancellationToken cancellationToken)
    {
        if ((await context.LockUserAsync(user, cancellationToken)).Erased) return;
        var oldest = await context.Set<AccessRefusalRow>().Where(r => r.UserId == user).OrderByDescending(r => r.Id)
            .Skip(KeptPerUser - rows.Count).Select(r => (long?)r.Id).FirstOrDefaultAsync(cancellationToken);
        if (oldest is { } id) await context.Set<AccessRefusalRow>().Where(r => r.UserId == user && r.Id <= id).ExecuteDeleteAsync(cancellationToken);
        context.AddRange(rows.Select(r => new AccessRefusalRow
        {
            UserId = user,
            At = r.At,
            Subject = r.Subject,
            DeviceId = r.DeviceId,
            Href = r.Href,
            Operations = r.Operations,
        }));
    }
}
