using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Audit;

/// <summary>Reads the audit record: an administrator's.</summary>
public sealed class AuditLog
{
    private readonly Store _store;

    internal AuditLog(Store store) => _store = store;

    /// <summary>Entries, the newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="most">How many, 1 or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<AuditEntry>> ListAsync(AuditFilter filter, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return await _store.ReadAsync(
            (context, token) => Filtered(context.Set<AuditEntryRow>(), filter).OrderByDescending(row => row.Id).Take(most)
                .Select(row => new AuditEntry(row.Id, row.At, row.Kind, row.Actor, row.Subject, row.UserId, row.Detail, row.Times, row.LastAt)).ToListAsync(token),
            cancellationToken);
    }

    /// <summary>The id of the user of this name who was removed last; null where the record knows of none.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<UserId?> FindRemovedUserAsync(string name, CancellationToken cancellationToken)
    {
        var subject = AuditText.Kept(AuditActor.UserPrefix + name, AuditEntryRow.MaxTextLength);
        return _store.ReadAsync(
            (context, token) => context.Set<AuditEntryRow>().Where(row => row.Kind == AuditKind.UserRemoved && row.Subject == subject).OrderByDescending(row => row.Id)
                .Select(row => row.UserId).FirstOrDefaultAsync(token),
            cancellationToken);
    }

    private static IQueryable<AuditEntryRow> Filtered(IQueryable<AuditEntryRow> rows, AuditFilter filter)
    {
        if (filter.User is { } user)
        {
            var actor = AuditActor.OfUser(user).Text;
            rows = rows.Where(row => row.UserId == user || row.Actor == actor);
        }
        if (filter.Kind is { } kind) rows = rows.Where(row => row.Kind == kind);
        if (filter.Since is { } since) rows = rows.Where(row => row.LastAt >= since);
        if (filter.Before is { } before) rows = rows.Where(row => row.Id < before);
        return rows;
    }
}
