using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Audit;

/// <summary>Writes the audit record together with what it tells: one transaction has both, so nothing is confirmed without its entry.</summary>
public sealed class AuditTrail
{
    private readonly AuditActors _actors;
    private readonly TimeProvider _time;

    internal AuditTrail(AuditActors actors, TimeProvider time) => (_actors, _time) = (actors, time);

    /// <summary>Adds an entry to the transaction of a change. Never a secret, a token or a password.</summary>
    /// <param name="context">The change's context; the entry is saved with it.</param>
    /// <param name="kind">One of <see cref="AuditKind"/>.</param>
    /// <param name="subject">To what it happened: a kind, a colon and its id or name.</param>
    /// <param name="user">Whose it is, where it is a user's.</param>
    /// <param name="detail">What else there is to say.</param>
    /// <param name="actor">Who did it; null: whoever acts in this flow of calls.</param>
    public void Add(CloudDbContext context, string kind, string subject, UserId? user, string? detail = null, AuditActor? actor = null)
    {
        var now = _time.GetUtcNow();
        context.Add(Row(now, kind, actor ?? _actors.Current, subject, user, detail));
    }

    internal static AuditEntryRow Row(DateTimeOffset at, string kind, AuditActor actor, string subject, UserId? user, string? detail, int times = 1, DateTimeOffset? lastAt = null) => new()
    {
        At = at,
        Kind = kind,
        Actor = AuditText.Kept(actor.Text, AuditEntryRow.MaxTextLength),
        Subject = AuditText.Kept(subject, AuditEntryRow.MaxTextLength),
        UserId = user,
        Detail = detail is null ? null : AuditText.Kept(detail, AuditEntryRow.MaxDetailLength),
        Times = times,
        LastAt = lastAt ?? at,
    };
}
