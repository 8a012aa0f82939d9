using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Audit;

/// <summary>A stored entry of the audit record.</summary>
internal sealed class AuditEntryRow
{
    public const int MaxKindLength = 32;

    public const int MaxTextLength = 256;

    public const int MaxDetailLength = 512;

    public long Id { get; init; }

    public DateTimeOffset At { get; init; }

    public required string Kind { get; init; }

    public required string Actor { get; init; }

    public required string Subject { get; init; }

    public UserId? UserId { get; init; }

    public string? Detail { get; init; }

    /// <summary>How often it happened: of refusals that were alike within a minute one row is kept.</summary>
    public int Times { get; set; }

    /// <summary>When it happened last.</summary>
    public DateTimeOffset LastAt { get; set; }
}
