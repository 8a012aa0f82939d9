using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Audit;

/// <summary>Refusals that are alike, from the first of them on.</summary>
internal sealed class RefusalWindow(DateTimeOffset opened, UserId? user, string? detail)
{
    public DateTimeOffset Opened { get; } = opened;

    public UserId? User { get; } = user;

    /// <summary>What was to say of the first.</summary>
    public string? Detail { get; } = detail;

    /// <summary>How many came.</summary>
    public int Times { get; set; }

    /// <summary>How many of these are in the store.</summary>
    public int Stored { get; set; }

    public DateTimeOffset LastAt { get; set; } = opened;

    /// <summary>The entry's number in the store; null before it is there.</summary>
    public long? Row { get; set; }
}
