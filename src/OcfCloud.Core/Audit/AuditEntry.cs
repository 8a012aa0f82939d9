using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Audit;

/// <summary>An entry of the audit record.</summary>
/// <param name="Id">Its number; greater is later.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What: one of <see cref="AuditKind"/>.</param>
/// <param name="Actor">Who did it: the text of an <see cref="AuditActor"/>.</param>
/// <param name="Subject">To what: a kind, a colon and its id or name.</param>
/// <param name="User">Whose it is, where it is a user's.</param>
/// <param name="Detail">What else there is to say.</param>
/// <param name="Times">How often, 1 or more: of refusals that were alike within a minute there is one entry.</param>
/// <param name="LastAt">When it happened last.</param>
public sealed record AuditEntry(
    long Id, DateTimeOffset At, string Kind, string Actor, string Subject, UserId? User, string? Detail, int Times, DateTimeOffset LastAt);
