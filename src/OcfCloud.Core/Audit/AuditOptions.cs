namespace OcfCloud.Core.Audit;

/// <summary>How the audit record is kept (settings below <c>OcfCloud:Audit</c>).</summary>
public sealed class AuditOptions
{
    /// <summary>How long an entry is kept. Default 90 days.</summary>
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How often older ones are looked for. Default one hour.</summary>
    public TimeSpan PrunePeriod { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Entries of refused access that are kept of each kind, 1 or more; the oldest of more go. Default 100,000.</summary>
    public int MaxRefusals { get; set; } = 100_000;

    /// <summary>Refusals that are alike within this time are one entry with a count. Default one minute.</summary>
    public TimeSpan RefusalWindow { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Different refusals of one kind within that time, 1 or more; what comes beyond is counted in one entry. Default 100.</summary>
    public int MaxRefusalsPerWindow { get; set; } = 100;
}
