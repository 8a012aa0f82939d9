namespace OcfCloud.Core.Devices;

/// <summary>Periods of the online state.</summary>
public sealed class OnlineStateOptions
{
    /// <summary>How long a change waits at most for others to be written with it. Default 250 ms.</summary>
    public TimeSpan BatchPeriod { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>After that long without a renewal a node's sessions are set offline by another node (PostgreSQL). Default 15 s.</summary>
    public TimeSpan NodeLease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a node renews its lease and looks for run-out ones. Default 5 s.</summary>
    public TimeSpan LeaseRenewal { get; set; } = TimeSpan.FromSeconds(5);
}
