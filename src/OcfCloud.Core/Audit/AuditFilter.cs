using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Audit;

/// <summary>Which entries are asked for.</summary>
public sealed record AuditFilter
{
    /// <summary>Only of this user: what is the user's, and what the user did.</summary>
    public UserId? User { get; init; }

    /// <summary>Only of this kind.</summary>
    public string? Kind { get; init; }

    /// <summary>Only from then on.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only those before this number.</summary>
    public long? Before { get; init; }
}
