namespace OcfCloud.Core.Refusals;

/// <summary>How refusals of devices are kept.</summary>
public sealed class DeviceRefusalOptions
{
    /// <summary>How long a device's last refusal is kept. Default 30 days.</summary>
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Devices without a registration whose last refusal is kept, 1 or more; the oldest of more go. Default 10,000.</summary>
    public int MaxUnregistered { get; set; } = 10_000;

    /// <summary>How long refusals wait to be written together. Default 1 s.</summary>
    public TimeSpan BatchPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often old ones are looked for. Default one minute.</summary>
    public TimeSpan PrunePeriod { get; set; } = TimeSpan.FromMinutes(1);
}
