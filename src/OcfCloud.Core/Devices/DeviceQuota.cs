namespace OcfCloud.Core.Devices;

/// <summary>How much one user may have.</summary>
public sealed class DeviceQuota
{
    /// <summary>Devices of one user; more are not registered.</summary>
    public int MaxDevicesPerUser { get; set; } = 20_000;

    /// <summary>One-time tokens of one user that are neither used nor expired; more are not issued.</summary>
    public int MaxOneTimeTokensPerUser { get; set; } = 10_000;
}
